using System.Text.Json.Serialization;

namespace Bus.Core;

/// <summary>The declared topics of a bus.</summary>
public sealed record TopicList
{
    /// <summary>Whether others can be used.</summary>
    public required TopicCreation Creation { get; init; }

    /// <summary>Topics that are declared, over all.</summary>
    public required int Count { get; init; }

    /// <summary>Topics that may be declared.</summary>
    public required int MaxTopics { get; init; }

    /// <summary>The topics by name, the first 1,000 of them.</summary>
    public required IReadOnlyList<TopicState> Topics { get; init; }
}

/// <summary>A declared topic as it is now.</summary>
public sealed record TopicState
{
    /// <summary>The topic, or the filter for many.</summary>
    public required string Name { get; init; }

    /// <summary>What holds for it.</summary>
    public required TopicPolicy Policy { get; init; }

    /// <summary>Subscriptions whose filters lie within it.</summary>
    public required int Subscribers { get; init; }
}

/// <summary>What became of a request to declare a topic, or to delete it.</summary>
/// <param name="Created">Whether it is new; null for a deletion.</param>
/// <param name="Ended">How many subscriptions ended with it; null for a declaration.</param>
internal sealed record TopicChange(bool? Created, int? Ended);

/// <summary>How declared topics look on the wire.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(TopicDeclaration))]
[JsonSerializable(typeof(TopicChange))]
internal sealed partial class TopicJson : JsonSerializerContext;

/// <summary>How the list of them looks: a later bus may say more.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TopicList))]
internal sealed partial class TopicListJson : JsonSerializerContext;
