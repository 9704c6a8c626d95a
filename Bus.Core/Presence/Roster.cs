namespace Bus.Core.Presence;

/// <summary>
/// Who is on the bus, by name. Joining answers at once, so that a connection goes on in the same turn; the presence actor hears of every change, in
/// the order of the changes. It outlives that actor. Thread-safe.
/// </summary>
internal sealed class Roster
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Participant> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Name, int Lane), (Participant Client, IActorRef Socket)> _lanes = [];
    private readonly List<object> _early = [];
    private IActorRef? _listener;

    /// <summary>Takes part from now on.</summary>
    /// <param name="participant">Who.</param>
    /// <param name="takeOver">Whether somebody else who has the name has to go.</param>
    /// <param name="former">Who had the name and has to go: it tells the owner of the new one <see cref="GivenWay"/> when it has. Null, the usual case: nobody.</param>
    /// <returns>Null when it has its name, else who has it and keeps it.</returns>
    public Participant? TryJoin(Participant participant, bool takeOver, out Participant? former)
    {
        former = null;
        lock (_lock)
        {
            if (_byName.TryGetValue(participant.Name, out var holder))
            {
                // Its own earlier connection, of which the bus has not yet seen the end, gives way in any case.
                if (!(takeOver || holder.Info.Id == participant.Info.Id) || !IsSameUser(holder.Info, participant.Info)) return holder;
                former = holder;
                holder.Owner.Tell(new TakenOver(participant, participant.Owner), ActorRefs.NoSender);
                Changed(new ParticipantLeft(holder, LeaveReason.TakenOver, Will: null));
            }

            _byName[participant.Name] = participant;
            Changed(new ParticipantJoined(participant));
            return null;
        }
    }

    /// <summary>The client that another socket belongs to.</summary>
    /// <returns>Null: it is not here, has another key, or is another user's.</returns>
    public Participant? Find(BusParticipant socket, string key)
    {
        lock (_lock) return _byName.TryGetValue(socket.Name, out var present) && present.Key == key && IsSameUser(present.Info, socket) ? present : null;
    }

    /// <summary>Another socket of a client is here. It outlives the client, if the bus has not read it to its end.</summary>
    /// <returns>Whether there was one before, which has to go: it tells this one <see cref="GivenWay"/> when it has.</returns>
    public bool JoinLane(Participant client, int lane, IActorRef socket)
    {
        lock (_lock)
        {
            var former = _lanes.GetValueOrDefault((client.Name, lane));
            _lanes[(client.Name, lane)] = (client, socket);
            if (former.Client is not { } before || before.Info.Id != client.Info.Id || !IsSameUser(before.Info, client.Info)) return false;
            former.Socket.Tell(new TakenOver(client, socket), ActorRefs.NoSender);
            return true;
        }
    }

    /// <summary>Another socket of a client has ended.</summary>
    public void LeaveLane(Participant client, int lane, IActorRef socket)
    {
        lock (_lock)
        {
            if (_lanes.TryGetValue((client.Name, lane), out var present) && present.Socket.Equals(socket)) _lanes.Remove((client.Name, lane));
        }
    }

    /// <summary>Does not take part any more. Nothing happens when it has left already.</summary>
    public void Leave(Participant participant, LeaveReason reason, KeptMessage? will)
    {
        lock (_lock)
        {
            if (!_byName.TryGetValue(participant.Name, out var present) || !ReferenceEquals(present, participant)) return;
            _byName.Remove(participant.Name);
            Changed(new ParticipantLeft(participant, reason, will));
        }
    }

    public Participant? Find(string name)
    {
        lock (_lock) return _byName.GetValueOrDefault(name);
    }

    public int Count
    {
        get
        {
            lock (_lock) return _byName.Count;
        }
    }

    /// <summary>Everybody, by name.</summary>
    public IReadOnlyList<BusParticipant> All()
    {
        lock (_lock) return [.. _byName.Values.Select(p => p.Info).OrderBy(i => i.Name, StringComparer.Ordinal)];
    }

    /// <summary>Everybody, by name, as they are now: who joins again is another.</summary>
    public Participant[] Present()
    {
        lock (_lock) return [.. _byName.Values.OrderBy(p => p.Name, StringComparer.Ordinal)];
    }

    /// <summary>Tells an actor of every change, those before it included.</summary>
    public void Listen(IActorRef listener)
    {
        lock (_lock)
        {
            _listener = listener;
            foreach (var change in _early) listener.Tell(change, ActorRefs.NoSender);
            _early.Clear();
        }
    }

    /// <summary>Somebody's connection has an error: told in order with the joins and leaves, behind the join of the one and before its leave.</summary>
    public void Report(ConnectionProblem problem)
    {
        lock (_lock) Changed(problem);
    }

    /// <summary>A user cannot push another one off the bus. Who is known to the kernel only in part is trusted, as all are who can connect.</summary>
    private static bool IsSameUser(BusParticipant a, BusParticipant b) => a.Uid is null || b.Uid is null || a.Uid == b.Uid;

    /// <summary>Told within the lock: the order of the changes is the order in the mailbox.</summary>
    private void Changed(object change)
    {
        if (_listener is null) _early.Add(change);
        else _listener.Tell(change, ActorRefs.NoSender);
    }
}
