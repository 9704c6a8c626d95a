using System.Threading.Channels;
using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>
/// The bounded buffer of one subscription: its actor puts messages in, the handler or an enumeration takes them out. When it
/// is full the actor keeps its deliveries, and with them the producers' credit, until it is half empty.
/// </summary>
/// <remarks>
/// One writer (the subscription actor), any number of readers. The two wake-ups are flags with a second look: whoever
/// goes to sleep sets its flag and looks again; whoever changes the buffer looks at the flag after.
/// </remarks>
internal sealed class MessageBuffer(int capacity)
{
    // Messages, and places of which the message may still change (LatestMessage).
    private readonly Channel<object> _channel = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleWriter = true });
    private int _count;
    private int _stalled;
    private int _awake;
    private long _taken;
    private long _dropped;
    private volatile bool _completed;
    private volatile bool _failed;

    /// <summary>Told when there is room again.</summary>
    public IActorRef Owner { get; set; } = ActorRefs.Nobody;

    public int Capacity => capacity;

    public int Count => Volatile.Read(ref _count);

    public long Taken => Volatile.Read(ref _taken);

    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Nothing will be written any more.</summary>
    public bool IsCompleted => _completed;

    /// <summary>It was completed because the subscription failed: whoever enumerates it is to hear why.</summary>
    public bool HasFailed => _failed;

    public bool IsFull => Count >= capacity;

    /// <summary>Completes when nothing will be written any more and everything is taken.</summary>
    public Task Drained => _channel.Reader.Completion;

    public void Write(object item)
    {
        Interlocked.Increment(ref _count);
        _channel.Writer.TryWrite(item);
    }

    /// <summary>Takes out what has waited longest, to be dropped. Null: all was taken meanwhile.</summary>
    public BusMessage? Evict()
    {
        if (!_channel.Reader.TryRead(out var item)) return null;
        Interlocked.Decrement(ref _count);
        return Message(item);
    }

    /// <summary>Whether a message fits. If not, the owner will be told <see cref="RoomMade"/>.</summary>
    public bool HasRoom()
    {
        if (Volatile.Read(ref _count) < capacity) return true;
        Interlocked.Exchange(ref _stalled, 1);
        // A reader may have made room in between without having seen the flag.
        return Volatile.Read(ref _count) <= capacity / 2 && Interlocked.Exchange(ref _stalled, 0) == 1;
    }

    public bool TryTake(out BusMessage message)
    {
        message = null!;
        if (!_channel.Reader.TryRead(out var item)) return false;
        message = Message(item);
        Interlocked.Increment(ref _taken);
        var left = Interlocked.Decrement(ref _count);
        if (left <= capacity / 2 && Volatile.Read(ref _stalled) == 1 && Interlocked.Exchange(ref _stalled, 0) == 1) Owner.Tell(RoomMade.Instance, ActorRefs.NoSender);
        return true;
    }

    /// <summary>Waits until <see cref="TryTake"/> may succeed. False: never again.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _channel.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Nothing will be written any more; what is in it can still be taken.</summary>
    public void Complete(bool failed = false)
    {
        if (failed) _failed = true;
        _completed = true;
        _channel.Writer.TryComplete();
    }

    /// <summary>Counts what did not get into it, or was taken out of it again.</summary>
    public void AddDropped(int messages) => Interlocked.Add(ref _dropped, messages);

    /// <summary>Whether the handler sleeps and has to be told to go on. It counts as awake from then on.</summary>
    public bool MustWake() => Volatile.Read(ref _awake) == 0 && Interlocked.Exchange(ref _awake, 1) == 0;

    /// <summary>The handler found nothing: may it sleep?</summary>
    public bool TrySleep()
    {
        Interlocked.Exchange(ref _awake, 0);
        return (Count == 0 && !_completed) || !MustWake();
    }

    private static BusMessage Message(object item) => item as BusMessage ?? ((LatestMessage)item).Take();
}

/// <summary>Told to the subscription actor: its buffer is half empty again.</summary>
internal sealed class RoomMade
{
    public static readonly RoomMade Instance = new();
}
