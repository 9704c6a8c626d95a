using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Core.Messages;
using Microsoft.Extensions.Logging;

namespace Bus.Transport.Client;

/// <summary>
/// The endpoint of a bus behind a socket. It outlives connections: it holds the subscriptions, the requests and what is
/// published while there is no connection, and starts a new <see cref="ClientConnectionActor"/> when one has failed.
/// </summary>
internal sealed class ClientEndpointActor : UntypedActor, IWithTimers
{
    private readonly ClientSetup _setup;
    private readonly ClientSubscriptions _subscriptions;
    private readonly Reconnecting _reconnecting;
    private readonly Queue<OutgoingMessage> _offline = new();
    private readonly PendingBarriers _barriers;
    private readonly ILogger _log;
    private PendingRequests _requests = null!;
    private ClientInbound _inbound;
    private IActorRef _dialing = ActorRefs.Nobody;
    private IActorRef? _connection;
    private FirstConnection? _first;
    private CloseCommand? _close;
    private Exception? _lastError;

    public ClientEndpointActor(ClientSetup setup)
    {
        _setup = setup;
        _subscriptions = new ClientSubscriptions(setup);
        _barriers = new PendingBarriers(_subscriptions);
        _reconnecting = new Reconnecting(setup.Options);
        _inbound = new ClientInbound(setup.Environment.Slabs, setup.Options.ReceiveWindow);
        _log = setup.Environment.Loggers.CreateLogger<ClientEndpointActor>();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private EndpointLink Link => _setup.Link;

    /// <summary>A connection that fails is stopped and replaced; a subscription whose policy escalates fails the endpoint, and with it all of them.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(-1, -1, Decide, loggingEnabled: false);

    protected override void PreStart()
    {
        _requests = new PendingRequests(Link, Timers, _setup.Environment.Time);
        _subscriptions.AddInbox(Self, _requests.Filter);
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
        while (_offline.TryDequeue(out var message)) message.Return();
        _barriers.Abandon(Closed.Error(topic: null));
        _close?.Done();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case OutgoingMessage outgoing:
                if (_connection is not null) _connection.Tell(outgoing, ActorRefs.NoSender);
                else _offline.Enqueue(outgoing);
                break;
            case Delivery delivery:
                _requests.Take(delivery);
                UpdateWaiting();
                break;
            case RequestCommand request:
                Request(request);
                break;
            case CancelRequest cancel:
                _requests.Cancel(cancel.Request);
                UpdateWaiting();
                break;
            case RequestsDue:
                _requests.Tick();
                UpdateWaiting();
                break;
            case FlushCommand flush:
                if (_connection is null) flush.Fail(NotConnected());
                else Await(flush);
                break;
            case Barrier barrier:
                _barriers.Passed(barrier.Tag);
                UpdateWaiting();
                break;
            case OpenSubscription open:
                Open(open);
                break;
            case CloseSubscription close:
                Close(close.Subscription, close.Drain);
                break;
            case IntakeEnded ended:
                Send(_subscriptions.Remove(ended.Subscription));
                break;
            case ConnectionReady ready:
                Connected(ready);
                break;
            case ReconnectDue:
                Dial();
                break;
            case FirstConnection first:
                First(first);
                break;
            case Terminated terminated:
                Ended(terminated.ActorRef);
                break;
            case CloseCommand close:
                Close(close);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private Directive Decide(Exception error)
    {
        if (_subscriptions.IsEscalated(error)) return Directive.Escalate;
        _lastError = error;
        return Directive.Stop;
    }

    private void Dial()
    {
        if (_close is not null) return;
        var (setup, self, subscribers) = (_setup, Self, _subscriptions.BySid);
        // A gate of its own for each connection: what an old one still has to give back must not count for the new one.
        var inbound = _inbound = new ClientInbound(setup.Environment.Slabs, setup.Options.ReceiveWindow);
        _dialing = Context.ActorOf(Props.Create(() => new ClientConnectionActor(setup, self, inbound, subscribers)), $"connection-{_reconnecting.NextNumber()}");
        Context.Watch(_dialing);
        UpdateWaiting();
    }

    private void Connected(ConnectionReady ready)
    {
        if (!ready.Connection.Equals(_dialing)) return;
        _connection = ready.Connection;
        _reconnecting.Succeeded();
        // Subscriptions first: what was published meanwhile may be for them.
        Send(_subscriptions.Replay());
        while (_offline.TryDequeue(out var message)) _connection.Tell(message, ActorRefs.NoSender);
        foreach (var open in _barriers.All) _connection.Tell(new Barrier(open), Self);
        Link.ChangeState(BusState.Connected);
        First(_first);
        StopIfClosed();
    }

    private void First(FirstConnection? first)
    {
        _first = first;
        if (first is null || (_connection is null && _lastError is null)) return;
        _first = null;
        if (_connection is not null) first.ReplyTo.Tell(first, Self);
        else first.ReplyTo.Tell(new Status.Failure(_lastError as BusConnectException ?? new BusConnectException(_lastError!.Message, _lastError)), Self);
    }

    private void Ended(IActorRef actor)
    {
        if (!actor.Equals(_dialing))
        {
            if (_subscriptions.Ended(actor) is { } core) Send(_subscriptions.Remove(core));
            StopIfClosed();
            return;
        }

        _dialing = ActorRefs.Nobody;
        _connection = null;
        if (_close is not null)
        {
            StopIfClosed();
            return;
        }

        var error = ClientErrors.Lost(_setup.Endpoint, _lastError);
        Disconnected(error);
        if (Link.State == BusState.Connecting) First(_first);
        else Reconnect(error);
    }

    private void Reconnect(BusException error)
    {
        Link.ChangeState(BusState.Reconnecting, error);
        if (_reconnecting.TryNext(out var delay))
        {
            ClientLog.Lost(_log, _setup.Endpoint.ToString(), error.Message, delay);
            Timers.StartSingleTimer(ReconnectDue.Instance, ReconnectDue.Instance, delay);
            return;
        }

        ClientLog.GivenUp(_log, _setup.Endpoint.ToString(), _reconnecting.Attempts);
        _subscriptions.Fail(error);
        Link.ChangeState(BusState.Closed, error);
        Link.Window.Fail(Closed.Error(topic: null), forGood: true);
        Context.Stop(Self);
    }

    /// <summary>Whoever waits for an answer hears that it will not come; a subscription that is being opened waits for the next connection.</summary>
    private void Disconnected(BusException error)
    {
        _requests.FailAll(request => ClientErrors.Unanswered(request, error));
        Link.Window.Fail(ClientErrors.Unpublished(error), forGood: false);
        _barriers.Break(ClientErrors.Unflushed(error));
        UpdateWaiting();
    }

    private void Request(RequestCommand request)
    {
        request.IsTaken = true;
        if (_close is not null || _connection is null)
        {
            request.Message.Return();
            request.Fail(_close is not null ? Closed.Error(request.Topic) : NotConnected(request.Topic));
        }
        else if (_requests.TryAdd(request))
        {
            _connection.Tell(new SendRequest(request, _requests), Self);
            UpdateWaiting();
        }
        else
        {
            request.Message.Return();
        }
    }

    private void Open(OpenSubscription open)
    {
        if (_close is not null)
        {
            open.Fail(Closed.Error(open.Subscription.Filters[0]));
            return;
        }

        Send(_subscriptions.Open(open.Subscription, Context));
        Await(open);
    }

    private void Close(SubscriptionCore core, bool drain)
    {
        var lines = _subscriptions.Remove(core);
        Send(lines);
        if (drain && lines is not null) Await(new CloseSubscription(core, Drain: true));
        else if (_subscriptions.ActorOf(core) is var actor && !actor.IsNobody()) actor.Tell(new EndSubscription(Drain: false), Self);
        else core.Finish(error: null);
    }

    /// <summary>Goes on when the bus has seen all that was sent before.</summary>
    private void Await(object command)
    {
        _barriers.Add(command);
        if (_connection is not null) _connection.Tell(new Barrier(command), Self);
        else if (command is CloseSubscription) _barriers.Passed(command);
        UpdateWaiting();
    }

    private void Send(byte[]? lines)
    {
        if (lines is { Length: > 0 }) _connection?.Tell(new SendLine(lines), Self);
    }

    private void UpdateWaiting() => _inbound.SetWaiting(_requests.Count > 0 || _barriers.Count > 0);

    private void Close(CloseCommand close)
    {
        if (_close is not null)
        {
            close.ReplyTo.Tell(close, Self);
            return;
        }

        _close = close;
        _requests.FailAll(request => Closed.Error(request.Topic));
        foreach (var core in _subscriptions.All()) Close(core, drain: false);
        Timers.Cancel(ReconnectDue.Instance);
        StopIfClosed();
    }

    /// <summary>When the last handler is done its replies have been told: the connection sends them and ends.</summary>
    private void StopIfClosed()
    {
        if (_close is null || !_subscriptions.IsEmpty) return;
        if (_dialing.IsNobody()) Context.Stop(Self);
        else _dialing.Tell(CloseGently.Instance, Self);
    }

    private BusDisconnectedException NotConnected(string? topic = null) => ClientErrors.NotConnected(_setup.Endpoint, _lastError, topic);
}
