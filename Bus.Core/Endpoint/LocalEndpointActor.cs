using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.State;

namespace Bus.Core.Endpoint;

/// <summary>
/// The endpoint of a bus in this process: a producer of batches like a connection's reader, and the parent of its
/// subscriptions. It has no socket to wait for, so nothing here is asynchronous but the acknowledgements.
/// </summary>
internal sealed class LocalEndpointActor : UntypedActor, IWithTimers
{
    private readonly BusEnvironment _environment;
    private readonly EndpointLink _link;
    private readonly LocalProducer _producer;
    private readonly LocalPublisher _publisher;
    private readonly LocalSubscriptions _subscriptions;
    private readonly FenceQueue _fences = new();
    private readonly OwedReplies _owed = new();
    private readonly List<RequestCommand> _early = [];
    private PendingRequests _requests = null!;
    private LocalSubscriber _inbox = null!;
    private CloseCommand? _close;
    private bool _inboxReady;
    private bool _flushDue;

    public LocalEndpointActor(BusEnvironment environment, IActorRef topics, EndpointLink link, bool echo)
    {
        (_environment, _link) = (environment, link);
        _producer = new LocalProducer(environment.Slabs, link.Window);
        _publisher = new LocalPublisher(environment.Router, _producer);
        _subscriptions = new LocalSubscriptions(environment, topics, _producer, _owed, echo);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>A subscription whose policy escalates fails the endpoint, and with it all its subscriptions; any other fault ends one subscription.</summary>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(error => _subscriptions.IsEscalated(error) ? Directive.Escalate : Directive.Stop);

    protected override void PreStart()
    {
        _requests = new PendingRequests(_link, Timers, _environment.Time);
        _inbox = new LocalSubscriber(Self, _requests.Filter, queue: null) { Origin = _producer };
        _subscriptions.Register(_inbox, Self, InboxReady.Instance);
    }

    protected override void PreRestart(Exception reason, object message)
    {
        _subscriptions.Fail(reason);
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        _requests.FailAll(request => Closed.Error(request.Topic));
        foreach (var request in _early) request.Message.Return();
        foreach (var flush in _fences.Tags.OfType<FlushCommand>()) flush.Fail(Closed.Error(topic: null));
        _publisher.Flush();
        foreach (var replyTo in _owed.TakeAll()) StatusMessage.ResponderLost(_environment.Router, _producer, replyTo);
        _publisher.Dispose();
        _subscriptions.UnregisterAll(_inbox);
        _close?.Done();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OutgoingMessage outgoing:
                _owed.Answered(outgoing.Topic);
                Publish(outgoing, request: null);
                break;
            case FlushBatches:
                _flushDue = false;
                _publisher.Flush();
                if (_publisher.WantsFence) _publisher.StartFence(Self, FlushBatches.Instance);
                break;
            case Delivery delivery:
                _requests.Take(delivery);
                break;
            case RequestCommand request:
                Request(request);
                break;
            case CancelRequest cancel:
                _requests.Cancel(cancel.Request);
                break;
            case RequestsDue:
                _requests.Tick();
                break;
            case FlushCommand flush:
                _publisher.StartFence(Self, flush);
                break;
            case Fence fence:
                _fences.Arrived(fence);
                while (_fences.TryComplete(out var done)) (done.Tag as FlushCommand)?.Done();
                break;
            case OpenSubscription open when _close is not null:
                open.Fail(Closed.Error(open.Subscription.Filters[0]));
                break;
            case OpenSubscription open:
                _subscriptions.Open(open, Context);
                break;
            case CloseSubscription close:
                _subscriptions.Close(close.Subscription, close.Drain, Self);
                break;
            case IntakeEnded ended:
                _subscriptions.Unsubscribe(ended.Subscription);
                break;
            case LocalSubscriptions.Acknowledged acknowledged:
                acknowledged.Complete();
                break;
            case InboxReady:
                SendEarly();
                break;
            case Terminated terminated:
                _subscriptions.Ended(terminated.ActorRef);
                StopIfClosed();
                break;
            case CloseCommand close:
                Close(close);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Publish(OutgoingMessage message, RequestCommand? request)
    {
        _publisher.Append(message, request, _requests);
        // It leaves the window before its batch enters, in the same turn of nobody else: what is lost of the limit is one run.
        message.Return();
        if (_flushDue) return;
        _flushDue = true;
        Self.Tell(FlushBatches.Instance, Self);
    }

    private void Request(RequestCommand request)
    {
        request.IsTaken = true;
        if (_close is not null) request.Fail(Closed.Error(request.Topic));
        if (_close is not null || !_requests.TryAdd(request)) request.Message.Return();
        else if (_inboxReady) Publish(request.Message, request);
        else _early.Add(request);
    }

    /// <summary>The inbox is registered: replies will find it.</summary>
    private void SendEarly()
    {
        _inboxReady = true;
        foreach (var request in _early)
        {
            if (request.IsCancelled) request.Message.Return();
            else Publish(request.Message, request);
        }

        _early.Clear();
    }

    private void Close(CloseCommand close)
    {
        if (_close is not null)
        {
            close.ReplyTo.Tell(close, Self);
            return;
        }

        _close = close;
        _publisher.Flush();
        _requests.FailAll(request => Closed.Error(request.Topic));
        _subscriptions.CloseAll(Self);
        StopIfClosed();
    }

    private void StopIfClosed()
    {
        if (_close is not null && _subscriptions.IsEmpty) Context.Stop(Self);
    }

    private sealed class FlushBatches
    {
        public static readonly FlushBatches Instance = new();
    }

    private sealed class InboxReady
    {
        public static readonly InboxReady Instance = new();
    }
}
