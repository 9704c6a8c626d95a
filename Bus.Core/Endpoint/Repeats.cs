namespace Bus.Core.Endpoint;

/// <summary>Requests that are safe to send again and reached nobody, as after a restart of the bus: each is tried again until its time is up. Owned by the endpoint actor.</summary>
internal sealed class Repeats
{
    // Long enough for a responder to come back, short enough to wait for it.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly List<RequestCommand> _waiting = [];

    /// <returns>False: it has to end, for it is not safe to send again, or it was sent once to a topic where nobody responds.</returns>
    public bool TryAdd(RequestCommand request, bool responderLost, PendingRequests requests, ITimerScheduler timers)
    {
        if (!request.SafeToRetry || !(responderLost || request.IsPatient) || !requests.TryAdd(request)) return false;
        // It is in nobody's hands until its pause is over.
        (request.IsSent, request.IsRepeated, request.IsPatient) = (false, true, true);
        _waiting.Add(request);
        if (_waiting.Count == 1) timers.StartSingleTimer(RepeatDue.Instance, RepeatDue.Instance, Pause);
        return true;
    }

    public void Send(Action<RequestCommand> send)
    {
        foreach (var request in _waiting.Where(request => !request.IsCancelled)) send(request);
        _waiting.Clear();
    }
}

/// <summary>Timer of the endpoint: requests that reached nobody are tried again.</summary>
internal sealed class RepeatDue
{
    public static readonly RepeatDue Instance = new();
}
