using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>How the actor reference of a topic behaves.</summary>
public sealed record TopicRefOptions
{
    /// <summary>
    /// How long an Ask of it waits for the reply: more than zero, at most a day. It counts besides the timeout that the Ask
    /// itself has. Default: null, as for requests (<see cref="RequestOptions.Timeout"/>).
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Sent along with each message and request. Not to be changed any more. Default: none.</summary>
    public BusHeaders? Headers { get; init; }
}
