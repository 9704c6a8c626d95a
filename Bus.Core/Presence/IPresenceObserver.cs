namespace Bus.Core.Presence;

/// <summary>Hears from the presence actor, in its turn and in the order of the roster, what becomes of the participants. Does not block.</summary>
internal interface IPresenceObserver
{
    void Joined(BusParticipant client);

    void Left(BusParticipant client, LeaveReason reason);

    void Failed(ConnectionProblem problem);

    void ServiceChanged(ServiceEvent change);
}
