using Bus.Core.Presence;

namespace Bus.Transport.Connections;

/// <summary>
/// Another connection comes after this one, and is not heard before this one has given way. If it is the same client, come back, what it publishes there comes behind what it has
/// published here: this one is read to its end first, as far as that takes no longer than the grace. Owned by the connection actor.
/// </summary>
internal sealed class Handover(ConnectionSetup setup, ClientSession session, Membership membership)
{
    private TakenOver? _taken;

    public bool IsUnderWay => _taken is not null;

    /// <summary>Who has the place of this one now. For people.</summary>
    public string Successor => $"{_taken?.By}";

    /// <summary>Somebody waits for this one to give way.</summary>
    /// <param name="taken">Who.</param>
    /// <param name="isOver">Nothing more is taken of this one anyway.</param>
    /// <param name="timers">Those of the actor, which is told <see cref="HandoverDue"/> if there is something left to read and the peer does not end it.</param>
    /// <returns>Whether to give way at once.</returns>
    public bool Begin(TakenOver taken, bool isOver, ITimerScheduler timers)
    {
        Done();
        _taken = taken;
        // A peer that is there and silent may stay so for ever.
        var hasMore = session.IsHeldUp || setup.Channel.HasUnread;
        if (isOver || !membership.IsSelf(taken.By) || !hasMore) return true;
        timers.StartSingleTimer(HandoverDue.Instance, HandoverDue.Instance, setup.Options.CloseGrace);
        return false;
    }

    /// <summary>It has given way. Whoever waits for that hears it, in any case.</summary>
    public void Done()
    {
        _taken?.GiveWay();
        _taken = null;
    }
}
