using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Presence;
using Bus.Core.Routing;
using Bus.Core.State;

namespace Bus.Core.Endpoint;

/// <summary>
/// The endpoint of a bus in this process: a producer of batches like a connection's reader, and the parent of its
/// subscriptions. It has no socket to wait for, so nothing here is asynchronous but the acknowledgements.
/// </summary>
internal sealed class LocalEndpointActor : EndpointActor
{
    private readonly BusEnvironment _environment;
    private readonly LocalProducer _producer;
    private readonly LocalPublisher _publisher;
    private readonly LocalSubscriptions _subscriptions;
    private readonly FenceQueue _fences = new();
    private readonly OwedReplies _owed = new();
    private readonly Openings _openings = new();
    private readonly List<object> _early = [];
    private LocalSubscriber _inbox = null!;
    private long _inboxOpening;
    private bool _isRestarting;
    private bool _inboxReady;
    private bool _flushDue;

    public LocalEndpointActor(BusEnvironment environment, IActorRef topics, EndpointLink link, LocalProducer producer, bool echo)
        : base(link, environment.Time)
    {
        _environment = environment;
        _producer = producer;
        _publisher = new LocalPublisher(environment.Router, _producer, link);
        _subscriptions = new LocalSubscriptions(environment, topics, _producer, _owed, _openings, echo);
    }

    protected override bool IsEmpty => _subscriptions.IsEmpty;

    /// <summary>A subscription whose policy escalates fails the endpoint, and with it all its subscriptions; any other fault ends one subscription.</summary>
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(error => _subscriptions.IsEscalated(error) && !IsClosing ? Directive.Escalate : Directive.Stop);

    protected override void PreStart()
    {
        base.PreStart();
        _inbox = new LocalSubscriber(Self, Requests.Filter, queue: null) { Origin = _producer };
        _inboxOpening = _openings.Begin();
        _subscriptions.Register(_inbox, Self, InboxReady.Instance);
    }

    protected override void PreRestart(Exception reason, object message)
    {
        _isRestarting = true;
        _subscriptions.Fail(reason);
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        Requests.FailAll(request => Link.ClosedError(request.Topic));
        foreach (var early in _early) SendOrDrop(early, send: false);
        FailRoundTrips(Link.ClosedError(topic: null));
        _publisher.Flush();
        foreach (var replyTo in _owed.TakeAll()) StatusMessage.ResponderLost(_environment.Router, _producer, replyTo);
        _publisher.Dispose();
        _subscriptions.UnregisterAll(_inbox);
        // Before the facade hears that it is closed: then its name is free.
        if (!_isRestarting && _producer.Participant is { } participant) _environment.Roster.Leave(participant, IsClosing ? LeaveReason.Closed : LeaveReason.BusStopped, will: null);
        base.PostStop();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OutgoingBatch batch:
                // A confirmed message may wait for the inbox, and must not be overtaken.
                if (_early.Count > 0) _early.Add(batch);
                else Publish(batch);
                break;
            case FlushBatches:
                _flushDue = false;
                _publisher.Flush();
                if (_publisher.WantsFence) _publisher.StartFence(Self, FlushBatches.Instance);
                break;
            case Fence fence:
                _fences.Arrived(fence);
                while (_fences.TryComplete(out var done)) (done.Tag as FlushCommand)?.Done();
                break;
            case LocalSubscriptions.Acknowledged acknowledged:
                acknowledged.Complete();
                StartFlushes();
                break;
            case InboxReady:
                _openings.End(_inboxOpening);
                SendEarly();
                StartFlushes();
                break;
            case Probe probe:
                probe.Answer(_environment.Time.GetElapsedTime(probe.SentAt));
                break;
            case TakenOver taken:
                GiveUp(new BusRefusedException($"This bus is closed because another has its name now: {taken.By}."));
                taken.GiveWay();
                break;
            case GivenWay:
                // A bus of this process is there for as long as the process: it never meets what it left behind.
                break;
            case Terminated terminated:
                _subscriptions.Ended(terminated.ActorRef);
                StopIfClosed();
                break;
            default:
                base.OnReceive(message);
                break;
        }
    }

    protected override void Send(RequestCommand request)
    {
        if (_inboxReady) Ask(request);
        else _early.Add(request);
    }

    protected override void RoundTrip(FlushCommand flush)
    {
        _openings.Add(flush);
        StartFlushes();
    }

    private void StartFlushes()
    {
        while (_openings.TryTake(out var flush)) _publisher.StartFence(Self, flush);
    }

    protected override void Open(OpenSubscription open) => _subscriptions.Open(open, Context);

    protected override void Close(SubscriptionCore subscription, bool drain) => _subscriptions.Close(subscription, drain, Self);

    protected override void Unsubscribe(SubscriptionCore subscription) => _subscriptions.Unsubscribe(subscription);

    protected override void CloseAll()
    {
        _publisher.Flush();
        _subscriptions.CloseAll(Self);
    }

    protected override void FailRoundTrips(BusClosedException error)
    {
        foreach (var flush in _openings.Waiting.Concat(_fences.Tags.OfType<FlushCommand>())) flush.Fail(error);
    }

    protected override void EndAll(Exception reason) => _subscriptions.EndAll(reason);

    private void Publish(OutgoingBatch batch)
    {
        batch.Seal();
        for (var i = 0; i < batch.Count; i++) _owed.Answered(batch.Topic(i));
        _publisher.Publish(batch);
        batch.Return();
        if (_publisher.WantsFence) _publisher.StartFence(Self, FlushBatches.Instance);
    }

    private void Ask(RequestCommand request)
    {
        if (request.SafeToRetry) request.KeepCopy(_environment.Time);
        _publisher.Append(request, Requests);
        // It leaves the window before its batch enters, in the same turn of nobody else: what is lost of the limit is one run.
        request.ReturnMessage();
        if (_flushDue) return;
        _flushDue = true;
        Self.Tell(FlushBatches.Instance, Self);
    }

    /// <summary>The inbox is registered: replies will find it.</summary>
    private void SendEarly()
    {
        _inboxReady = true;
        foreach (var early in _early) SendOrDrop(early, send: true);
        _early.Clear();
    }

    private void SendOrDrop(object early, bool send)
    {
        if (early is OutgoingBatch batch)
        {
            // It was published while the bus was open: it goes out in any case.
            Publish(batch);
            return;
        }

        var request = (RequestCommand)early;
        if (send && !request.IsCancelled) Ask(request);
        else request.ReturnMessage();
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
