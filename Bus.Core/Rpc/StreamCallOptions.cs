using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Streams;

namespace Bus.Core.Rpc;

/// <summary>How a method of a service is called whose calls are streams.</summary>
public sealed record StreamCallOptions
{
    /// <summary>
    /// How long to wait until the service has taken the call on; of an upload, also from its last item until the answer. A stream may then be quiet for as long as it likes.
    /// Default: null, as the bus has it, which is 5 seconds unless its options say otherwise.
    /// </summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>
    /// How long to wait for the next item, or for the service to make room for the next item that is sent. Default: null, for as long as it takes. It is also how long nothing may be
    /// read while the bus is drained, with 10 seconds as the default: then the stream ends with a <see cref="BusClosedException"/>, for its reader may have left it lying.
    /// </summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>
    /// How long the whole call may take, at most a day; the service knows it too. Default: null, what the call that it is made in has left, or for as long as it takes.
    /// </summary>
    public TimeSpan? TotalTimeout { get; init; }

    /// <summary>Which instance of the service is to be called (<see cref="IBusService.Id"/>). Default: null, any one of them.</summary>
    public string? Instance { get; init; }

    /// <summary>Sent along with the call. Default: none.</summary>
    public BusHeaders? Headers { get; init; }

    /// <summary>Whether it fails at once while there is no connection. Default: false, it waits for the connection within <see cref="Timeout"/>.</summary>
    public bool FailFast { get; init; }

    /// <summary>How much of the answers may wait to be read. Default: 64 items and 1 MiB.</summary>
    public StreamWindow Window { get; init; } = StreamWindow.Default;

    /// <exception cref="ArgumentOutOfRangeException">A value makes no sense.</exception>
    internal StreamCallOptions Validate()
    {
        ArgumentNullException.ThrowIfNull(Window);
        Window.Validate();
        Check(Timeout, nameof(Timeout));
        Check(IdleTimeout, nameof(IdleTimeout));
        Check(TotalTimeout, nameof(TotalTimeout));
        return this;
    }

    private static void Check(TimeSpan? time, string name)
    {
        if (time is { } given && given != System.Threading.Timeout.InfiniteTimeSpan && (given <= TimeSpan.Zero || given > TimeSpan.FromDays(1)))
            throw new ArgumentOutOfRangeException(name, given, $"{name} is {given}: it has to be more than zero and at most a day, or Timeout.InfiniteTimeSpan for no limit.");
    }
}
