using Bus.Core.Client;
using Bus.Core.Endpoint;

namespace Bus.Transport.Client;

/// <summary>
/// The endpoint of a bus behind a socket. It outlives connections: it holds the subscriptions, the requests and what is
/// published while there is no connection, and starts a new <see cref="ClientConnectionActor"/> when one has failed.
/// </summary>
internal sealed class ClientEndpointActor : EndpointActor
{
    // What may be on its way while connected. More only fills the caches: 8 MiB cost a fifth more CPU for each message of 128 B over TCP.
    private const long ConnectedWindow = 1024 * 1024;

    private readonly ClientSetup _setup;
    private readonly ClientSubscriptions _subscriptions;
    private readonly PendingBarriers _barriers;
    private readonly ClientUplink _uplink;
    private FirstConnection? _first;

    public ClientEndpointActor(ClientSetup setup)
        : base(setup.Link, setup.Environment.Time)
    {
        _setup = setup;
        _subscriptions = new ClientSubscriptions(setup);
        _barriers = new PendingBarriers(_subscriptions);
        _uplink = new ClientUplink(setup, _subscriptions);
    }

    protected override bool IsEmpty => _subscriptions.IsEmpty;

    /// <summary>A connection that fails is stopped and replaced; a subscription whose policy escalates fails the endpoint, and with it all of them.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(-1, -1, Decide, loggingEnabled: false);

    protected override void PreStart()
    {
        base.PreStart();
        _subscriptions.AddInbox(Self, Requests.Filter);
        Dial();
    }

    protected override void PreRestart(Exception reason, object message)
    {
        _subscriptions.Fail(reason);
        Link.ChangeState(BusState.Reconnecting, reason);
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        Disconnected(Closed.Error(topic: null));
        _uplink.DropOffline();
        _barriers.Abandon(Closed.Error(topic: null));
        base.PostStop();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OutgoingBatch batch:
                _uplink.Publish(batch);
                break;
            case Barrier barrier:
                _barriers.Passed(barrier.Tag);
                UpdateWaiting();
                break;
            case ConnectionReady ready:
                Connected(ready);
                break;
            case ReconnectDue:
                if (!IsClosing) Dial();
                break;
            case FirstConnection first:
                First(first);
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

    protected override Exception? Refusal(RequestCommand request) => _uplink.IsReady ? null : NotConnected(request.Topic);

    protected override void Send(RequestCommand request) => _uplink.Tell(new SendRequest(request, Requests), Self);

    protected override void RequestsChanged() => UpdateWaiting();

    protected override void RoundTrip(FlushCommand flush)
    {
        if (_uplink.IsReady) Await(flush);
        else flush.Fail(NotConnected(topic: null));
    }

    protected override void Open(OpenSubscription open)
    {
        _uplink.SendLines(_subscriptions.Open(open.Subscription, Context));
        Await(open);
    }

    protected override void Close(SubscriptionCore subscription, bool drain)
    {
        var lines = _subscriptions.Remove(subscription);
        _uplink.SendLines(lines);
        if (drain && lines is not null) Await(new CloseSubscription(subscription, Drain: true));
        else if (_subscriptions.ActorOf(subscription) is var actor && !actor.IsNobody()) actor.Tell(new EndSubscription(Drain: false), Self);
        else subscription.Finish(error: null);
    }

    protected override void Unsubscribe(SubscriptionCore subscription) => _uplink.SendLines(_subscriptions.Remove(subscription));

    protected override void CloseAll()
    {
        foreach (var subscription in _subscriptions.All()) Close(subscription, drain: false);
        Timers.Cancel(ReconnectDue.Instance);
    }

    /// <summary>When the last handler is done its replies have been told: the connection sends them and ends.</summary>
    protected override void Stop()
    {
        if (_uplink.Actor.IsNobody()) base.Stop();
        else _uplink.Actor.Tell(CloseGently.Instance, Self);
    }

    private Directive Decide(Exception error)
    {
        if (_subscriptions.IsEscalated(error)) return Directive.Escalate;
        _uplink.Failed(error);
        return Directive.Stop;
    }

    private void Dial()
    {
        _uplink.Dial(Context);
        UpdateWaiting();
    }

    private void Connected(ConnectionReady ready)
    {
        if (!_uplink.TryBegin(ready)) return;
        foreach (var open in _barriers.All) _uplink.Tell(new Barrier(open), Self);
        Link.ChangeState(BusState.Connected);
        var window = Math.Min(ConnectedWindow, _setup.Options.PendingLimit);
        Link.Window.Resize(window, window / 2);
        First(_first);
        StopIfClosed();
    }

    private void First(FirstConnection? first)
    {
        _first = first;
        if (first is null || (!_uplink.IsReady && _uplink.LastError is null)) return;
        _first = null;
        if (_uplink.IsReady) first.ReplyTo.Tell(first, Self);
        else first.ReplyTo.Tell(new Status.Failure(_uplink.LastError as BusConnectException ?? new BusConnectException(_uplink.LastError!.Message, _uplink.LastError)), Self);
    }

    private void Disconnected()
    {
        _uplink.Ended();
        if (IsClosing)
        {
            StopIfClosed();
            return;
        }

        var error = ClientErrors.Lost(_setup.Endpoint, _uplink.LastError);
        Disconnected(error);
        if (Link.State == BusState.Connecting) First(_first);
        else Reconnect(error);
    }

    private void Reconnect(BusException error)
    {
        Link.ChangeState(BusState.Reconnecting, error);
        // Who has lost its name to another would only take it back, and the other again.
        if (error is not BusRefusedException && _uplink.TryReconnect(error, out var delay))
        {
            Timers.StartSingleTimer(ReconnectDue.Instance, ReconnectDue.Instance, delay);
            return;
        }

        _subscriptions.Fail(error);
        Link.ChangeState(BusState.Closed, error);
        Link.Window.Fail(Closed.Error(topic: null), forGood: true);
        Context.Stop(Self);
    }

    /// <summary>Whoever waits for an answer hears that it will not come; a subscription that is being opened waits for the next connection.</summary>
    private void Disconnected(BusException error)
    {
        Requests.FailAll(request => ClientErrors.Unanswered(request, error));
        // Who waits now may find room among what is kept for the next connection.
        Link.Window.Resize(_setup.Options.PendingLimit, _setup.Options.PendingLimit);
        Link.Window.Fail(ClientErrors.Unpublished(error), forGood: false);
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

    private BusDisconnectedException NotConnected(string? topic) => ClientErrors.NotConnected(_setup.Endpoint, _uplink.LastError, topic);
}
