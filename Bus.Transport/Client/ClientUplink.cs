using Bus.Core.Client;
using Bus.Core.Endpoint;
using Microsoft.Extensions.Logging;

namespace Bus.Transport.Client;

/// <summary>
/// What an endpoint has of its connection: the one that is ready or being dialed, what waits for it, why the last one ended
/// and when to try again. Owned by the endpoint actor.
/// </summary>
internal sealed class ClientUplink(ClientSetup setup, ClientSubscriptions subscriptions)
{
    private readonly ILogger _log = setup.Environment.Loggers.CreateLogger<ClientEndpointActor>();
    private readonly Reconnecting _reconnecting = new(setup.Options, setup.Environment.Time);
    private readonly OfflineQueue _offline = new(setup.Options.Offline, setup.Link, setup.Environment.Time);
    private ClientInbound _inbound = new(setup.Environment.Slabs, setup.Options.ReceiveWindow);
    private IActorRef? _ready;
    private long _sent;

    /// <summary>The connection, from the dial to its end.</summary>
    public IActorRef Actor { get; private set; } = ActorRefs.Nobody;

    public bool IsReady => _ready is not null;

    public Exception? LastError { get; private set; }

    public void Dial(IActorContext context)
    {
        var (shared, endpoint, subscribers) = (setup, context.Self, subscriptions.BySid);
        // A gate of its own for each connection: what an old one still has to give back must not count for the new one.
        var inbound = _inbound = new ClientInbound(setup.Environment.Slabs, setup.Options.ReceiveWindow);
        Actor = context.ActorOf(Props.Create(() => new ClientConnectionActor(shared, endpoint, inbound, subscribers)), $"connection-{_reconnecting.NextNumber()}");
        context.Watch(Actor);
    }

    /// <summary>The handshake is done: what waits is sent in its order, behind the subscriptions that were there before.</summary>
    /// <returns>False: it is not the connection that is waited for.</returns>
    public bool TryBegin(ConnectionReady ready, PendingRequests requests)
    {
        if (!ready.Connection.Equals(Actor)) return false;
        _ready = ready.Connection;
        _reconnecting.Succeeded();
        SendLines(subscriptions.Replay());
        while (_offline.TryTake(out var item))
        {
            if (item is OfflineMessage message) Publish(message);
            else if (item is RequestCommand request) Send(request, requests);
            else if (item is SubscriptionCore subscription) SendLines(subscriptions.Announce(subscription));
        }

        return true;
    }

    public void Failed(Exception error) => LastError = error;

    /// <summary>The bus is about to stop.</summary>
    public void Stops(TimeSpan? comeBack)
    {
        _reconnecting.ComesBack(comeBack);
        setup.Link.Notice(ClientErrors.Stops(setup.Endpoint, comeBack));
    }

    /// <summary>Ends the connection, if there is one: what was sent with it is there before the next one begins.</summary>
    public void Drop(Exception error, IActorRef endpoint)
    {
        if (Actor.IsNobody()) return;
        (LastError, _ready) = (error, null);
        Actor.Tell(CloseGently.Instance, endpoint);
    }

    public void Ended()
    {
        Actor = ActorRefs.Nobody;
        _ready = null;
    }

    /// <summary>Why the connection that has just ended did.</summary>
    public BusException Cause() => _reconnecting.IsOver ? ClientErrors.Stopped(setup.Endpoint) : ClientErrors.Lost(setup.Endpoint, LastError);

    /// <returns>False when it is time to give up.</returns>
    public bool TryReconnect(BusException error, out TimeSpan delay)
    {
        var goesOn = _reconnecting.TryNext(out delay);
        if (goesOn) ClientLog.Lost(_log, setup.Endpoint.ToString(), error.Message, delay);
        else ClientLog.GivenUp(_log, setup.Endpoint.ToString(), _reconnecting.Attempts);
        return goesOn;
    }

    /// <summary>Sends it now, or when there is a connection.</summary>
    public void Publish(OutgoingBatch batch)
    {
        if (_ready is not null) _ready.Tell(batch, ActorRefs.NoSender);
        else _offline.Add(batch);
    }

    /// <inheritdoc cref="Publish(OutgoingBatch)" />
    public void Publish(OfflineMessage message)
    {
        if (_ready is not null) _ready.Tell(message, ActorRefs.NoSender);
        else _offline.Add(message);
    }

    /// <inheritdoc cref="Publish(OutgoingBatch)" />
    public void Send(RequestCommand request, PendingRequests requests)
    {
        if (request.SafeToRetry) request.KeepCopy(setup.Environment.Time);
        request.IsSent = _ready is not null;
        request.Order = ++_sent;
        if (_ready is not null) _ready.Tell(new SendRequest(request, requests), ActorRefs.NoSender);
        else Keep(request);
    }

    /// <summary>The connection broke: what may be sent again is, ahead of what was asked for since.</summary>
    public void Repeat(IReadOnlyList<RequestCommand> sent)
    {
        for (var i = sent.Count - 1; i >= 0; i--)
        {
            if (!sent[i].SafeToRetry) continue;
            (sent[i].IsSent, sent[i].IsRepeated, sent[i].IsPatient) = (false, true, true);
            _offline.AddFirst(sent[i]);
        }
    }

    /// <summary>Announces a subscription now, or when there is a connection.</summary>
    public void Subscribe(SubscriptionCore subscription)
    {
        if (_ready is not null) SendLines(subscriptions.Announce(subscription));
        else _offline.Add(subscription);
    }

    /// <summary>Tells the connection, if it is ready.</summary>
    public void Tell(object message, IActorRef endpoint) => _ready?.Tell(message, endpoint);

    public void SendLines(byte[]? lines)
    {
        if (lines is { Length: > 0 }) _ready?.Tell(new SendLine(lines), ActorRefs.NoSender);
    }

    /// <summary>Whether anybody waits for an answer, which the window of what is received must not hold up.</summary>
    public void SetWaiting(bool waiting) => _inbound.SetWaiting(waiting);

    public void DropOffline() => _offline.Clear();

    private void Keep(RequestCommand request)
    {
        // Who is to answer it connects as late as this one.
        request.IsPatient = true;
        _offline.Add(request);
    }
}
