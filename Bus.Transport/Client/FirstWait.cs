using Bus.Core.Client;
using Bus.Transport.Endpoints;

namespace Bus.Transport.Client;

/// <summary>Who waits for the first connection, for as long as its patience goes. Owned by the endpoint actor.</summary>
internal sealed class FirstWait(ClientUplink uplink, BusEndpoint endpoint, IActorRef self)
{
    private FirstConnection? _first;

    /// <summary>Somebody waits whom the first attempt is enough for.</summary>
    public bool IsForOneAttempt => _first is { Patience.Ticks: 0 };

    public void Begin(FirstConnection first, ITimerScheduler timers)
    {
        _first = first;
        if (uplink.IsReady) Connected(timers);
        else if (first.Patience > TimeSpan.Zero) timers.StartSingleTimer(PatienceOver.Instance, PatienceOver.Instance, first.Patience);
        else if (IsForOneAttempt && uplink.LastError is not null) GiveUp();
    }

    public void Connected(ITimerScheduler timers)
    {
        _first?.ReplyTo.Tell(_first, self);
        _first = null;
        timers.Cancel(PatienceOver.Instance);
    }

    public void GiveUp()
    {
        if (_first is null) return;
        var (cause, waited) = (uplink.LastError, _first.Patience > TimeSpan.Zero ? $" It was waited for {_first.Patience.TotalSeconds:0.###} s." : "");
        var error = cause is BusRefusedException || (cause is BusConnectException && waited.Length == 0) ? cause : new BusConnectException((cause?.Message ?? $"{endpoint} did not answer.") + waited, cause);
        _first.ReplyTo.Tell(new Status.Failure(error), self);
        _first = null;
    }
}
