using Bus.Core.Presence;

namespace Bus.Core.Client;

/// <summary>
/// Who is here, as far as a watcher has been told. Events and the answer to "who is here?" reach it in no common order, and what happens while the connection is down reaches
/// it not at all: it asks again then, and tells the difference. For one watcher at a time.
/// </summary>
internal sealed class PresenceView : IDisposable
{
    private readonly IBus _bus;
    private readonly Dictionary<string, BusParticipant> _here = new(StringComparer.Ordinal);
    private TaskCompletionSource _outdated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _hasAsked;

    public PresenceView(IBus bus)
    {
        _bus = bus;
        bus.StateChanged += OnStateChanged;
        _outdated.SetResult();
    }

    /// <summary>Completes when the bus has to be asked who is here.</summary>
    public Task Outdated => Volatile.Read(ref _outdated).Task;

    public void Dispose() => _bus.StateChanged -= OnStateChanged;

    /// <summary>Asks who is here.</summary>
    /// <returns>What the watcher has to be told: who is not here any more, then who is new.</returns>
    public async Task<IReadOnlyList<PresenceEvent>> AskAsync(CancellationToken cancellationToken)
    {
        // Before it asks: a connection that is lost and made anew meanwhile makes it ask once more.
        Volatile.Write(ref _outdated, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        try
        {
            var clients = await _bus.GetClientsAsync(cancellationToken);
            _hasAsked = true;
            return Compare(clients);
        }
        catch (BusException e) when (_hasAsked && e is RequestTimeoutException or BusDisconnectedException or BusClosedException)
        {
            // Without a connection it asks when there is one again, and when the bus is closed the events end.
            if (e is RequestTimeoutException) Volatile.Read(ref _outdated).TrySetResult();
            return [];
        }
    }

    /// <returns>What the watcher has to be told of this event. Nothing, if it is older than the answer to the last question.</returns>
    public IReadOnlyList<PresenceEvent> See(PresenceEvent happened)
    {
        var isTold = _here.TryGetValue(happened.Client.Name, out var told);
        var isSame = isTold && IsSame(told!, happened.Client);
        if (happened.Kind == PresenceKind.Leave) return isSame && _here.Remove(told!.Name) ? [happened] : [];
        if (isSame || (isTold && told!.Since > happened.Client.Since)) return [];
        _here[happened.Client.Name] = happened.Client;
        return isTold ? [LeaveOf(told!), happened] : [happened];
    }

    private List<PresenceEvent> Compare(IReadOnlyList<BusParticipant> clients)
    {
        var present = clients.ToDictionary(client => client.Name, StringComparer.Ordinal);
        var events = new List<PresenceEvent>();
        foreach (var told in _here.Values)
        {
            if (!present.TryGetValue(told.Name, out var client) || !IsSame(told, client)) events.Add(LeaveOf(told));
        }

        foreach (var gone in events) _here.Remove(gone.Client.Name);
        foreach (var client in clients)
        {
            if (_here.TryAdd(client.Name, client)) events.Add(new PresenceEvent { Kind = PresenceKind.Join, Client = client });
        }

        return events;
    }

    private static PresenceEvent LeaveOf(BusParticipant client) => new() { Kind = PresenceKind.Leave, Client = client };

    // The same client behind another connection has left and come again.
    private static bool IsSame(BusParticipant one, BusParticipant other) => one.Id == other.Id && one.Since == other.Since;

    private void OnStateChanged(object? sender, BusStateChangedEventArgs change)
    {
        if (change.Current == BusState.Connected) Volatile.Read(ref _outdated).TrySetResult();
    }
}
