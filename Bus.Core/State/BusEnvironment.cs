using Bus.Core.Buffers;
using Bus.Core.Presence;
using Bus.Core.Routing;
using Microsoft.Extensions.Logging;

namespace Bus.Core.State;

/// <summary>What the actors of one bus share besides messages: the routing table that they read, the slabs, time and logging.</summary>
internal sealed class BusEnvironment(ILoggerFactory loggers, TimeProvider time)
{
    private const long UnknownTime = long.MinValue;

    private long _lastConnectionId;
    private long _comeBack = UnknownTime;

    public Router Router { get; init; } = new();

    public Roster Roster { get; } = new();

    public ServiceWatch Services { get; } = new();

    /// <summary>Told of what happens to participants. Null: nobody is.</summary>
    public IPresenceObserver? Observer { get; init; }

    public SlabPool Slabs { get; init; } = SlabPool.Shared;

    public ILoggerFactory Loggers => loggers;

    public TimeProvider Time => time;

    public DateTimeOffset Since { get; } = time.GetUtcNow();

    /// <summary>Unique for each start of a bus.</summary>
    public string ServerId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>How long after its stop the bus is back. Null: nobody knows. Infinite: it is not.</summary>
    public TimeSpan? ComeBack
    {
        get => Volatile.Read(ref _comeBack) is not UnknownTime and var ticks ? TimeSpan.FromTicks(ticks) : null;
        set => Volatile.Write(ref _comeBack, value?.Ticks ?? UnknownTime);
    }

    public BusCounters Counters { get; } = new();

    /// <summary>Numbers connections from 1. An id is never used twice.</summary>
    public long NextConnectionId() => Interlocked.Increment(ref _lastConnectionId);
}
