using System.Text.Json.Serialization;

namespace Bus.Core;

/// <summary>What holds for a declared topic. The default: nothing but that it exists.</summary>
public sealed record TopicPolicy
{
    /// <summary>
    /// Every message is kept as the last value of its topic, as with <see cref="Client.PublishOptions.Retain"/>: who subscribes later gets it at once, and an empty payload clears it.
    /// A request or a survey is not kept. Default: only what its publisher wants to be kept.
    /// </summary>
    public bool Retain { get; init; }

    /// <summary>
    /// How many subscriptions there may be whose filters lie within the topic; each member of a queue group counts. One more is refused. Default: null, as many as come.
    /// </summary>
    public int? MaxSubscribers { get; init; }

    /// <summary>The largest message, headers and payload, in bytes; a larger one is refused. Default: null, what the connection allows.</summary>
    public int? MaxPayload { get; init; }

    /// <summary>What the bus does about a subscription to the topic that does not take its messages in time. Default: it holds the publishers back.</summary>
    public SlowSubscriberAction WhenSlow { get; init; }

    /// <summary>Checks that the values make sense.</summary>
    /// <exception cref="ArgumentException">One does not; the message names it and what is allowed.</exception>
    public void Validate()
    {
        if (MaxSubscribers < 1) throw new ArgumentOutOfRangeException(nameof(MaxSubscribers), MaxSubscribers, "A topic has one subscriber at least: give 1 or more, or nothing for as many as come.");
        if (MaxPayload < 0) throw new ArgumentOutOfRangeException(nameof(MaxPayload), MaxPayload, "The largest message has 0 bytes or more; give nothing for what the connection allows.");
        if (!Enum.IsDefined(WhenSlow)) throw new ArgumentOutOfRangeException(nameof(WhenSlow), WhenSlow, $"Choose one of {string.Join(", ", Enum.GetNames<SlowSubscriberAction>())}.");
    }
}

/// <summary>What the bus does about a subscription that does not take its messages in time.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SlowSubscriberAction>))]
public enum SlowSubscriberAction
{
    /// <summary>The publishers wait for it, within the stall budget of its connection; then that is closed.</summary>
    [JsonStringEnumMemberName("hold")]
    Hold,

    /// <summary>What it has no room for is dropped, counted and told (<see cref="Client.BusNoticeKind.SlowConsumer"/>); nobody waits.</summary>
    [JsonStringEnumMemberName("drop")]
    Drop,

    /// <summary>Its connection is closed at once; in process, the subscription is ended.</summary>
    [JsonStringEnumMemberName("disconnect")]
    Disconnect,
}
