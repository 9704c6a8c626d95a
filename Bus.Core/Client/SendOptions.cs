using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>How a message is sent to one client by its name.</summary>
public sealed record SendOptions
{
    /// <summary>What it is about, as tokens behind the inbox of the receiver: with <c>jobs.new</c> it arrives on <c>$BUS.TO.name.jobs.new</c>. Default: none.</summary>
    public string? Topic { get; init; }

    /// <summary>Sent along with the payload. Default: none.</summary>
    public BusHeaders? Headers { get; init; }

    /// <summary>How long to wait for the bus to say that it passed the message on. Default: null, as for requests (<see cref="RequestOptions.Timeout"/>).</summary>
    public TimeSpan? Timeout { get; init; }
}

/// <summary>Who gets a broadcast.</summary>
public sealed record BroadcastOptions
{
    /// <summary>Everybody but the sender. Default: false.</summary>
    public bool ExceptSelf { get; init; }

    /// <summary>Everybody but those with these names. Default: none.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>Sent along with the payload. Default: none.</summary>
    public BusHeaders? Headers { get; init; }
}
