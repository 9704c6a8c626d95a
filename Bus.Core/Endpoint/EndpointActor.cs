using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>What every endpoint does for its facade: it keeps the requests from the slot to the answer, and closes once, in order.</summary>
internal abstract class EndpointActor(EndpointLink link, TimeProvider time) : UntypedActor, IWithTimers
{
    private readonly Repeats _repeats = new();
    private Func<RequestCommand, bool, bool> _retry = static (_, _) => false;
    private CloseCommand? _close;
    private bool _isOver;
    private bool _takesNoRequests;

    public ITimerScheduler Timers { get; set; } = null!;

    protected EndpointLink Link => link;

    protected PendingRequests Requests { get; private set; } = null!;

    protected bool IsClosing => _close is not null || _isOver;

    /// <summary>No subscription actor is left.</summary>
    protected abstract bool IsEmpty { get; }

    protected override void PreStart()
    {
        Requests = new PendingRequests(link, Timers, time);
        _retry = (request, responderLost) => _repeats.TryAdd(request, responderLost, Requests, Timers);
    }

    protected override void PostStop() => _close?.Done();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Delivery delivery:
                Requests.Take(delivery, _retry);
                RequestsChanged();
                break;
            case RequestCommand request:
                Request(request);
                break;
            case CancelRequest cancel:
                Requests.Cancel(cancel.Request);
                RequestsChanged();
                break;
            case RequestsDue:
                Requests.Tick(Expired);
                RequestsChanged();
                break;
            case RepeatDue:
                _repeats.Send(Send);
                break;
            case FlushCommand flush when _isOver:
                flush.Fail(link.ClosedError(topic: null));
                break;
            case FlushCommand flush:
                RoundTrip(flush);
                break;
            case OpenSubscription open when IsClosing:
                open.Fail(link.ClosedError(open.Subscription.Filters[0]));
                break;
            case OpenSubscription open:
                Open(open);
                break;
            case CloseSubscription close:
                Close(close.Subscription, close.Drain);
                break;
            case IntakeEnded ended:
                Unsubscribe(ended.Subscription);
                break;
            case EndRequests end:
                _takesNoRequests = true;
                Requests.FailAll(request => link.ClosedError(request.Topic));
                end.Done();
                break;
            case AbortCommand:
                FailWaiting();
                Context.Stop(Self);
                break;
            case CloseCommand close:
                Close(close);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Sends a request that has its slot.</summary>
    protected abstract void Send(RequestCommand request);

    /// <summary>Why no request can be sent at the moment. Null: it can.</summary>
    protected virtual Exception? Refusal(RequestCommand request) => null;

    /// <summary>What a request whose time is up fails with.</summary>
    protected virtual Exception Expired(RequestCommand request) => request.IsRepeated ? new ResponderLostException(request.Topic) : new RequestTimeoutException(request.Topic, request.Timeout);

    /// <summary>The number of requests may have changed.</summary>
    protected virtual void RequestsChanged()
    {
    }

    /// <summary>Answers when all that was sent before is done.</summary>
    protected abstract void RoundTrip(FlushCommand flush);

    protected abstract void Open(OpenSubscription open);

    protected abstract void Close(SubscriptionCore subscription, bool drain);

    /// <summary>A subscription's actor takes no more messages.</summary>
    protected abstract void Unsubscribe(SubscriptionCore subscription);

    /// <summary>The facade closes: end every subscription. <see cref="Stop"/> follows when all have ended.</summary>
    protected abstract void CloseAll();

    /// <summary>It is over: fail the round trips that somebody waits for.</summary>
    protected abstract void FailRoundTrips(BusClosedException error);

    /// <summary>It is over: end every subscription behind what has arrived for it.</summary>
    protected abstract void EndAll(Exception reason);

    /// <summary>Closing, and no subscription is left.</summary>
    protected virtual void Stop() => Context.Stop(Self);

    protected void StopIfClosed()
    {
        if (IsClosing && IsEmpty) Stop();
    }

    /// <summary>It is over without the user's doing: nothing more is sent or asked. What has arrived is still handled, and it stops behind that.</summary>
    protected void GiveUp(Exception reason)
    {
        link.ChangeState(BusState.Closed, reason);
        link.Window.Fail(link.ClosedError(topic: null), forGood: true);
        FailWaiting();
        EndAll(reason);
        StopIfClosed();
    }

    private void FailWaiting()
    {
        _isOver = true;
        Requests.FailAll(request => link.ClosedError(request.Topic));
        FailRoundTrips(link.ClosedError(topic: null));
    }

    private void Request(RequestCommand request)
    {
        request.IsTaken = true;
        if ((IsClosing || _takesNoRequests ? link.ClosedError(request.Topic) : Refusal(request)) is { } error)
        {
            request.ReturnMessage();
            request.Fail(error);
        }
        else if (Requests.TryAdd(request))
        {
            Send(request);
            RequestsChanged();
        }
        else
        {
            request.ReturnMessage();
        }
    }

    private void Close(CloseCommand close)
    {
        if (_close is not null)
        {
            close.ReplyTo.Tell(close, Self);
            return;
        }

        _close = close;
        Requests.FailAll(request => link.ClosedError(request.Topic));
        CloseAll();
        StopIfClosed();
    }
}
