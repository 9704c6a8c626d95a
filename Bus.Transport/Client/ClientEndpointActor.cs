using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Transport.Nats;

namespace Bus.Transport.Client;

/// <summary>
/// The endpoint of a bus behind a socket. It outlives connections: it holds the subscriptions, the requests and what is
/// published while there is no connection, and starts a new <see cref="ClientConnectionActor"/> when one has failed.
/// </summary>
internal sealed class ClientEndpointActor : EndpointActor
{
    private readonly ClientSetup _setup;
    private readonly ClientSubscriptions _subscriptions;
    private readonly PendingBarriers _barriers;
    private readonly ClientUplink _uplink;
    private readonly FirstWait _first;
    private bool _wasConnected;

    public ClientEndpointActor(ClientSetup setup)
        : base(setup.Link, setup.Environment.Time)
    {
        _setup = setup;
        _subscriptions = new ClientSubscriptions(setup);
        _barriers = new PendingBarriers(_subscriptions);
        _uplink = new ClientUplink(setup, _subscriptions);
        _first = new FirstWait(_uplink, setup.Endpoint, Self);
    }

    protected override bool IsEmpty => _subscriptions.IsEmpty;

    /// <summary>A connection that fails is stopped and replaced; a subscription whose policy escalates fails the endpoint, and with it all of them.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(-1, -1, Decide, loggingEnabled: false);

    protected override void PreStart()
    {
        base.PreStart();
        Link.Window.Resize(_setup.Options.PendingLimit, _setup.Options.PendingLimit / 2);
        _subscriptions.AddInbox(Self, Requests.Filter);
        _wasConnected = Link.State == BusState.Reconnecting;
        if (Link.State != BusState.Idle) Dial();
    }

    protected override void PreRestart(Exception reason, object message)
    {
        _subscriptions.Fail(reason);
        Link.ChangeState(BusState.Reconnecting, reason);
        _setup.Leads?.Disconnected();
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        Disconnected(Link.ClosedError(topic: null));
        Requests.FailAll(request => Link.ClosedError(request.Topic));
        _uplink.DropOffline();
        _barriers.Abandon(Link.ClosedError(topic: null));
        base.PostStop();
    }

    protected override void OnReceive(object message)
    {
        if (Link.State == BusState.Idle && message is not (CloseCommand or AbortCommand)) Wake();
        switch (message)
        {
            case OutgoingBatch batch:
                _uplink.Publish(batch);
                break;
            case OfflineMessage kept:
                _uplink.Publish(kept);
                break;
            case Barrier { Tag: SocketGroup others }:
                others.Connected();
                break;
            case Barrier barrier:
                // One that was refused is told when the bus has forgotten its other filters too.
                if (_barriers.IsRefused(barrier.Tag)) Await(barrier.Tag);
                else _barriers.Passed(barrier.Tag);
                UpdateWaiting();
                break;
            case SubscriptionError error:
                Ended(error);
                break;
            case ConnectionReady ready:
                Connected(ready);
                break;
            case BusStops stops:
                _uplink.Stops(stops.ComeBack);
                break;
            case ReconnectDue:
                if (!IsClosing && _uplink.Actor.IsNobody()) Dial();
                break;
            case FirstGivenUp first:
                End(first.Error);
                break;
            case FirstLost:
                _barriers.Break(ClientErrors.FirstLost(_setup.Endpoint));
                _uplink.Drop(ClientErrors.FirstLost(_setup.Endpoint), Self);
                break;
            case WakeCommand:
                // Being told anything has woken it.
                break;
            case FirstConnection first:
                _first.Begin(first, Timers);
                break;
            case PatienceOver:
                _first.GiveUp();
                break;
            case Terminated terminated when terminated.ActorRef.Equals(_uplink.Actor):
                Disconnected();
                break;
            case Terminated terminated:
                if (_subscriptions.Ended(terminated.ActorRef) is { } core) Unsubscribe(core);
                StopIfClosed();
                break;
            default:
                base.OnReceive(message);
                break;
        }
    }

    protected override Exception? Refusal(RequestCommand request) => _uplink.IsReady || !request.FailFast ? null : NotConnected(request.Topic);

    protected override void Send(RequestCommand request) => _uplink.Send(request, Requests);

    protected override Exception Expired(RequestCommand request) => ClientErrors.Expired(_setup.Endpoint, request, _uplink.LastError);

    protected override void RequestsChanged() => UpdateWaiting();

    protected override void RoundTrip(FlushCommand flush)
    {
        // Of what was published before the first connection nothing can be lost, so it is worth waiting for; and a single socket is back soon.
        if (_uplink.IsReady || !_wasConnected || _setup.Follows is { First.IsReachable: true }) Await(flush);
        else flush.Fail(NotConnected(topic: null));
    }

    protected override void Open(OpenSubscription open)
    {
        _subscriptions.Open(open.Subscription, Context);
        _uplink.Subscribe(open.Subscription);
        Await(open);
    }

    protected override void Close(SubscriptionCore subscription, bool drain)
    {
        var lines = drain ? _subscriptions.BeginDrain(subscription) : _subscriptions.Remove(subscription);
        _uplink.SendLines(lines);
        var actor = _subscriptions.ActorOf(subscription);
        if (actor.IsNobody()) subscription.Finish(error: null);
        else if (!drain) actor.Tell(new EndSubscription(Drain: false), Self);
        // Otherwise it has ended, and what has arrived is being handled.
        else if (lines is not null) Await(new CloseSubscription(subscription, Drain: true));
    }

    protected override void Unsubscribe(SubscriptionCore subscription) => _uplink.SendLines(_subscriptions.Remove(subscription));

    protected override void CloseAll()
    {
        foreach (var subscription in _subscriptions.All()) Close(subscription, drain: false);
        Timers.Cancel(ReconnectDue.Instance);
    }

    protected override void FailRoundTrips(BusClosedException error)
    {
        _barriers.Break(error);
        _barriers.Abandon(error);
    }

    protected override void EndAll(Exception reason) => _subscriptions.EndAll(reason);

    /// <summary>When the last handler is done its replies have been told: the connection sends them and ends.</summary>
    protected override void Stop()
    {
        if (_uplink.Actor.IsNobody()) base.Stop();
        else _uplink.Actor.Tell(CloseGently.Instance, Self);
    }

    /// <summary>The bus has refused or ended a subscription, or dropped messages for it.</summary>
    private void Ended(SubscriptionError error)
    {
        if (_subscriptions.Find(error.Sid) is not { } core)
        {
            // Its own inbox, without which no request is answered; or one that has ended meanwhile.
            if (_subscriptions.BySid.ContainsKey(error.Sid)) Link.Notice(BusNoticeKind.ServerError, error.Text);
            return;
        }

        if (error.Error == SubscriptionError.MessagesDropped) ClientErrors.Dropped(Link, core, error.Text);
        else _uplink.SendLines(_subscriptions.End(core, TopicErrors.OfSubscription(core.Filters, error.Error, error.Text)));
    }

    private Directive Decide(Exception error)
    {
        if (_subscriptions.IsEscalated(error)) return IsClosing ? Directive.Stop : Directive.Escalate;
        _uplink.Failed(error);
        return Directive.Stop;
    }

    private void Dial()
    {
        // The others are told when the first one is connected.
        if (_setup.Follows is null or { IsConnected: true }) _uplink.Dial(Context);
        UpdateWaiting();
    }

    /// <summary>The first thing that is asked of it.</summary>
    private void Wake()
    {
        Link.ChangeState(BusState.Connecting);
        Dial();
    }

    private void Connected(ConnectionReady ready)
    {
        if (!_uplink.TryBegin(ready, Requests)) return;
        _wasConnected = true;
        foreach (var open in _barriers.All) _uplink.Tell(new Barrier(open), Self);
        Link.ChangeState(BusState.Connected);
        // Behind the subscriptions: what the other sockets publish must not come before these.
        if (_setup.Leads is { } others) _uplink.Tell(new Barrier(others), Self);
        _first.Connected(Timers);
        StopIfClosed();
    }

    private void Disconnected()
    {
        _uplink.Ended();
        if (IsClosing)
        {
            StopIfClosed();
            return;
        }

        _setup.Leads?.Disconnected();
        var error = _uplink.Cause();
        if (_first.IsForOneAttempt)
        {
            _first.GiveUp();
            return;
        }

        var delay = TimeSpan.Zero;
        // Who has lost its name to another would only take it back, and the other again; and a bus that said so is not coming back.
        var goesOn = error is not BusRefusedException && _uplink.TryReconnect(error, out delay);
        // Before anybody hears of it: who publishes then must know that there is no connection.
        if (_wasConnected && goesOn) Link.ChangeState(BusState.Reconnecting, error);
        if (_wasConnected) Disconnected(error);
        else UpdateWaiting();
        if (goesOn)
        {
            Timers.StartSingleTimer(ReconnectDue.Instance, ReconnectDue.Instance, delay);
            return;
        }

        _setup.Leads?.GivenUp(error);
        End(error);
    }

    /// <summary>There will be no connection any more.</summary>
    private void End(BusException error)
    {
        _first.GiveUp();
        _uplink.DropOffline();
        GiveUp(error);
    }

    /// <summary>Whoever waits for an answer hears that it will not come; a subscription that is being opened waits for the next connection.</summary>
    private void Disconnected(BusException error)
    {
        _uplink.Repeat(Requests.Sent());
        Requests.FailSent(request => ClientErrors.Unanswered(request, error));
        // Who waits for room now finds some among what is kept for the next connection, or hears that there is none.
        if (_setup.Options.Offline.Overflow == OfflineOverflow.Fail) Link.Window.Fail(ClientErrors.Unpublished(error), forGood: false);
        _barriers.Break(ClientErrors.Unflushed(error));
        UpdateWaiting();
    }

    /// <summary>Goes on when the bus has seen all that was sent before.</summary>
    private void Await(object command)
    {
        _barriers.Add(command);
        if (_uplink.IsReady) _uplink.Tell(new Barrier(command), Self);
        else if (command is CloseSubscription) _barriers.Passed(command);
        UpdateWaiting();
    }

    private void UpdateWaiting() => _uplink.SetWaiting(Requests.Count > 0 || _barriers.Count > 0);

    private NotConnectedException NotConnected(string? topic) => ClientErrors.NotConnected(_setup.Endpoint, _uplink.LastError, topic);
}
