using System.Text.Json.Serialization;

namespace Bus.Core.Client;

/// <summary>What the bus confirms of a message.</summary>
public sealed record PublishReceipt
{
    /// <summary>
    /// Subscriptions that it was handed to, of the bus itself and of clients alike; a queue group counts one. A subscription with several filters counts for each that matches.
    /// </summary>
    [JsonRequired]
    public int Reached { get; init; }
}

/// <summary>How a receipt travels.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PublishReceipt))]
internal sealed partial class ReceiptJson : JsonSerializerContext;
