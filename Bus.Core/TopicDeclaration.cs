using System.Text.Json.Serialization;

namespace Bus.Core;

/// <summary>A topic that is declared, with its policy.</summary>
public sealed record TopicDeclaration
{
    /// <summary>The topic, such as <c>orders.created</c>, or a filter for many that have the policy in common, such as <c>orders.*</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What holds for it.</summary>
    public TopicPolicy Policy { get; init; } = new();

    /// <summary>Checks the name and the policy.</summary>
    /// <exception cref="ArgumentException">The name is no filter or belongs to the bus, or a value of the policy makes no sense.</exception>
    public void Validate()
    {
        Topic.ValidateFilter(Name);
        if (SystemTopics.IsUndeclarable(System.Text.Encoding.UTF8.GetBytes(Name))) throw new ArgumentException($"The topic '{Name}' cannot be declared: those that begin with '$BUS.' or '_INBOX.' are always there.", nameof(Name));
        ArgumentNullException.ThrowIfNull(Policy);
        Policy.Validate();
    }
}

/// <summary>How a topic comes to be.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TopicCreation>))]
public enum TopicCreation
{
    /// <summary>By being used. Declaring one only gives it a policy.</summary>
    [JsonStringEnumMemberName("on-use")]
    OnUse,

    /// <summary>By being declared: publishing or subscribing to any other is refused.</summary>
    [JsonStringEnumMemberName("declared")]
    Declared,
}
