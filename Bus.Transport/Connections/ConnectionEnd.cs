using Bus.Core.Presence;
using Bus.Core.Topics;
using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>
/// How a connection comes to its end, and its subscriptions before it: who is told what, what is still sent, and when there is nothing more to wait for. Owned by the
/// connection actor.
/// </summary>
internal sealed class ConnectionEnd(
    ConnectionSetup setup, ConnectionWriter writer, SubscriptionTable subscriptions, BackPressure backPressure, PeerPings pings, Membership membership, ConnectionProblems problems)
{
    /// <summary>No more messages are taken; what is appended is still sent.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The bus stops: the peer knows it, and is not heard any more.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>All is sent, and only the end of the peer's side is waited for.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The bus is about to stop, and this connection with it.</summary>
    public void Announce(ClientSession session)
    {
        IsLeaving = true;
        writer.Append(NatsJson.InfoLine(setup.Info.AsLameDuck(setup.Environment.ComeBack)));
        session.EndIntake();
    }

    /// <summary>Takes no more messages, and puts the error behind what is appended. The actor sends it, and stops; at the latest after the grace.</summary>
    /// <returns>False: that was done before, and for another reason.</returns>
    public bool TryBegin(NatsError? error, LeaveReason reason, ITimerScheduler timers)
    {
        if (HasBegun) return false;
        HasBegun = true;
        problems.IsOver = true;
        pings.End();
        membership.Because(reason);
        // In this order: who comes back with its name finds its places free.
        subscriptions.RemoveAll();
        membership.Leave();
        // What the bus has confirmed goes out before it stops, as the peer makes room for it.
        if (reason != LeaveReason.BusStopped) backPressure.RefuseAll(setup.Environment.Router);
        if (error is not null) writer.Append(error.Line.Span);
        timers.StartSingleTimer(CloseDue.Instance, CloseDue.Instance, setup.Options.CloseGrace);
        return true;
    }

    /// <summary>Why a peer that does not read has to go.</summary>
    /// <param name="topic">The topic that wants it. Null: a limit of the connection does.</param>
    public NatsError Slow(string? topic) => problems.SlowConsumer(writer.Pending, backPressure.IsExhausted, topic);

    /// <summary>The topics have refused a subscription, or ended it.</summary>
    public void Take(SubscriptionEnded ended)
    {
        if (!backPressure.TryPutOff(ended)) subscriptions.End(ended, writer, problems);
    }

    /// <summary>Something was sent: ends the subscriptions that nothing waits for any more.</summary>
    /// <returns>Whether the connection has nothing more to do.</returns>
    public bool Sent()
    {
        while (backPressure.TryEnd(out var ended)) subscriptions.End(ended, writer, problems);
        return HasBegun && writer.IsIdle && !HangUp();
    }

    /// <summary>
    /// All is sent, but a part of it may still be with the kernel: of a TCP socket that is closed while it is being read from, without this, it would be dropped there, and the error
    /// with it. When the bus stops the peer hangs up first: closing with something of it unread would lose what was sent.
    /// </summary>
    /// <returns>Whether the peer is waited for.</returns>
    private bool HangUp() => IsOver = IsOver || (setup.Channel.TryEndSending() && IsLeaving);
}
