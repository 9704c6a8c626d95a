using Bus.Core.Presence;
using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>What a peer says besides messages: CONNECT, SUB, UNSUB, PONG and the rest. Owned by the connection actor.</summary>
internal sealed class PeerFrames(
    ConnectionSetup setup,
    ClientSession session,
    SubscriptionTable subscriptions,
    ConnectionWriter writer,
    DeliveryWriter deliveries,
    DroppedMessages dropped,
    PeerPings pings,
    Membership membership,
    ConnectionProblems problems,
    Admission admission)
{
    /// <summary>Does what the peer asks for.</summary>
    /// <returns>Why the connection has to end. Null: it goes on.</returns>
    public (NatsError Error, LeaveReason Reason)? Take(object frame, ITimerScheduler timers)
    {
        switch (frame)
        {
            case ConnectionSubscription subscription:
                Refuse(subscriptions.Add(subscription, session, membership.Name));
                break;
            case UnsubReceived unsub:
                subscriptions.Unsubscribe(unsub);
                session.Registrations.Leave();
                break;
            case OkOwed owed:
                for (var i = 0; i < owed.Count; i++) writer.Append(NatsWriter.Ok);
                break;
            case ConnectReceived connect:
                deliveries.Headers = connect.Options.Headers;
                subscriptions.PeerKnowsSids = dropped.PeerUnderstands = connect.Options.Bus is not null;
                if (!admission.TryDecide(connect.Options, out var refusal)) timers.StartSingleTimer(ConnectDue.Instance, ConnectDue.Instance, setup.Options.ConnectTimeout);
                else if (refusal is not null) return (refusal, LeaveReason.ProtocolError);
                break;
            case PongReceived:
                pings.Answered();
                break;
            case WillReceived will:
                membership.Will = will.Will;
                break;
            case ByeReceived:
                membership.Because(LeaveReason.Closed);
                break;
            case FaultReceived { Error.Closes: false } fault:
                Refuse(fault.Error);
                break;
            case FaultReceived fault:
                return (problems.ProtocolError(fault.Error), LeaveReason.ProtocolError);
        }

        return null;
    }

    private void Refuse(NatsError? error)
    {
        if (error is null) return;
        problems.Refused(error);
        writer.Append(error.Line.Span);
    }
}
