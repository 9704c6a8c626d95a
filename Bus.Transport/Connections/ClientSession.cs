using System.Text;
using Bus.Core;
using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Core.Presence;
using Bus.Core.Routing;
using Bus.Core.Topics;
using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>
/// The reader's side of one client: turns frames into batches (publishes) and messages to the connection actor (the rest).
/// It keeps the fences: no publish and no PING passes a subscription that is not yet registered, and what was published
/// before a SUB does not reach it.
/// </summary>
internal sealed class ClientSession : FrameSession, IRegistrationWaiter
{
    private readonly IActorRef _connection;
    private readonly ConnectionProducer _producer;
    private readonly Router _router;
    private readonly BatchBuilder _builder;
    private readonly OwedReplies _owed;
    private List<object> _frames = [];
    private bool _headers;

    // What nats-server assumes of a client that has not said CONNECT, or left the field out.
    private bool _echo = true;
    private bool _pedantic = true;
    private bool _verbose = true;
    private bool _mustSettle;
    private bool _isGuarded;
    private bool _hasConnected;
    private bool _wasRefused;
    private int _fencesOut;
    private int _hasEnded;
    private int _oks;

    public ClientSession(IActorRef connection, Router router, ConnectionProducer producer, NatsRules rules, OwedReplies owed, bool isGuarded = false)
        : base(rules)
    {
        _connection = connection;
        _producer = producer;
        _router = router;
        _builder = new BatchBuilder(router, producer, Refused);
        _owed = owed;
        _isGuarded = isGuarded;
    }

    /// <summary>Bytes on their way; the reader waits here when they are too many.</summary>
    public override Gate Credit => _producer.Credit;

    /// <summary>The reader is done: everything told before passes, then the connection actor may close.</summary>
    public override void End()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0) StartFence(EndOfStream.Instance);
    }

    public override void LetGo() => _builder.LetGo();

    /// <summary>A fence has come back to the connection actor, which calls this in its turn.</summary>
    public void FencePassed() => Interlocked.Decrement(ref _fencesOut);

    void IRegistrationWaiter.Registered(Subscriber subscriber) => Registrations.Leave();

    void IRegistrationWaiter.Refused(Subscriber subscriber, TopicRefusal refusal)
    {
        // Before the reader goes on: the error comes ahead of the next PONG.
        _connection.Tell(new SubscriptionEnded(subscriber, refusal), ActorRefs.NoSender);
        Registrations.Leave();
    }

    /// <summary>Whether anything published has not yet come back to the connection actor: a fence that is out may stand for it.</summary>
    private bool IsAnythingOnItsWay => _builder.HasTold || Volatile.Read(ref _fencesOut) > 0;

    protected override void Flush()
    {
        TellFrames();
        _builder.Flush();
        if (_builder.WantsFence) StartFence(tag: null);
    }

    protected override SessionProgress Handle(ReadBuffer buffer, ReadOnlySpan<byte> input, in NatsFrame frame)
    {
        if (_isGuarded && Guard(frame.Op) is { } halt) return halt;
        switch (frame.Op)
        {
            case NatsOp.Pub or NatsOp.HPub:
                return Registrations.IsOpen ? Publish(buffer, input, frame) : SessionProgress.MustWait;
            case NatsOp.Sub:
                // Its sid may be the one that an UNSUB is about to free, its place that of the client's former connection.
                if (_mustSettle && !Registrations.IsOpen) return SessionProgress.MustWait;
                _mustSettle = false;
                return Subscribe(input, frame);
            case NatsOp.Unsub:
                Unsubscribe(input, frame);
                break;
            case NatsOp.Ping:
                if (!Registrations.IsOpen) return SessionProgress.MustWait;
                StartFence(PingReceived.Instance);
                return SessionProgress.NeedsMore;
            case NatsOp.Pong:
                _frames.Add(PongReceived.Instance);
                return SessionProgress.NeedsMore;
            case NatsOp.Connect:
                return Connect(input, frame);
            case NatsOp.Err:
                return SessionProgress.Ended;
        }

        if (_verbose) _oks++;
        return SessionProgress.NeedsMore;
    }

    /// <summary>Where the bus asks who somebody is, nothing comes before CONNECT, and nothing behind it passes before the answer. Null: it may pass.</summary>
    private SessionProgress? Guard(NatsOp op)
    {
        if (!_hasConnected) return op == NatsOp.Connect ? null : Fault(NatsErrors.AuthorizationViolation);
        if (!Registrations.IsOpen) return SessionProgress.MustWait;
        // Also open when the connection ends; whoever is not in is refused before that.
        if (IsRefused) return SessionProgress.Ended;
        _isGuarded = false;
        return null;
    }

    private SessionProgress Publish(ReadBuffer buffer, ReadOnlySpan<byte> input, in NatsFrame frame)
    {
        if (frame.Op == NatsOp.HPub && !_headers) return Fault(NatsErrors.MessageHeadersNotSupported);
        var topic = frame.Subject.Of(input);
        // For every topic that is not the bus's own, one comparison of a byte.
        if (topic is [(byte)'$', ..] && Intercept(topic, input, frame) is { } progress) return progress;
        // And whoever answers could be made to speak for the bus.
        if (!frame.ReplyTo.IsEmpty && frame.ReplyTo.Of(input) is [(byte)'$', ..] replyTo && !SystemTopics.MayPublish(replyTo)) return Fault(NatsErrors.ReplyPermission(Encoding.UTF8.GetString(replyTo)));
        // A status is how the bus speaks on a reply-to. Ten bytes are compared, and only where there are headers.
        if (frame.HeaderLength > 0 && HeaderBlock.HasStatus(input.Slice(frame.BodyOffset, frame.HeaderLength))) return Fault(NatsErrors.StatusPermission(Encoding.UTF8.GetString(topic)));
        if (_pedantic && !Topic.IsValidLiteral(topic)) Fault(NatsErrors.InvalidPublishSubject);
        _owed.Answered(topic);
        _wasRefused = false;
        _builder.Append(buffer.Slab, Entry(buffer, frame));
        if (_verbose && !_wasRefused) _oks++;
        return SessionProgress.NeedsMore;
    }

    /// <summary>The topic does not take what was just appended.</summary>
    private void Refused(string topic, TopicRefusal refusal)
    {
        _wasRefused = true;
        Fault(NatsErrors.PublishRefused(topic, refusal));
    }

    /// <summary>What is said to the bus alone, or may not be said. Null: a message like any other.</summary>
    private SessionProgress? Intercept(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> input, in NatsFrame frame)
    {
        if (topic.SequenceEqual(SystemTopics.Bye)) _frames.Add(ByeReceived.Instance);
        else if (SystemTopics.IsWill(topic, out var target) && MayBeWilled(target, input, frame)) _frames.Add(WillOf(target, input, frame));
        else if (topic.SequenceEqual(SystemTopics.Decline)) Decline(frame.ReplyTo.Of(input));
        else if (!SystemTopics.MayPublish(topic) || IsForged(topic, input.Slice(frame.BodyOffset, frame.HeaderLength))) return Fault(NatsErrors.PublishPermission(Encoding.UTF8.GetString(topic)));
        else return null;
        if (_verbose) _oks++;
        return SessionProgress.NeedsMore;
    }

    /// <summary>A will is no way around what a client may not publish.</summary>
    private static bool MayBeWilled(ReadOnlySpan<byte> target, ReadOnlySpan<byte> input, in NatsFrame frame) =>
        target.IsEmpty || (Topic.IsValidLiteral(target) && SystemTopics.MayPublish(target) && !IsForgedWill(target, input.Slice(frame.BodyOffset, frame.HeaderLength)));

    private static WillReceived WillOf(ReadOnlySpan<byte> target, ReadOnlySpan<byte> input, in NatsFrame frame) =>
        new(target.IsEmpty ? null : new KeptMessage(target.ToArray(), input.Slice(frame.BodyOffset, frame.BodyLength).ToArray(), frame.HeaderLength));

    private void Decline(ReadOnlySpan<byte> replyTo)
    {
        // Only what it got alone: otherwise somebody else may answer.
        if (_owed.Answered(replyTo)) StatusMessage.Declined(_router, _producer, replyTo);
    }

    private static bool IsForgedWill(ReadOnlySpan<byte> target, ReadOnlySpan<byte> headers) => HeaderBlock.HasStatus(headers) || IsForged(target, headers);

    /// <summary>Who has sent a message to an inbox is for the bus to say.</summary>
    private static bool IsForged(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> headers) =>
        !headers.IsEmpty && SystemTopics.IsInbox(SystemTopics.RoutedAs(topic)) && HeaderBlock.Contains(headers, SystemHeaders.Utf8From);

    private SessionProgress Subscribe(ReadOnlySpan<byte> input, in NatsFrame frame)
    {
        var filter = frame.Subject.Of(input);
        if (!Topic.IsValidFilter(filter)) return Fault(NatsErrors.InvalidSubject);
        // What was published before must not meet the new subscription.
        _builder.Flush();
        Registrations.Enter();
        var queue = frame.Queue.IsEmpty ? null : Encoding.UTF8.GetString(frame.Queue.Of(input));
        _frames.Add(new ConnectionSubscription(_connection, filter.ToArray(), queue, frame.Sid.Of(input).ToArray()) { Origin = _producer.Origin, Echo = _echo });
        if (_verbose) _oks++;
        return SessionProgress.NeedsMore;
    }

    private void Unsubscribe(ReadOnlySpan<byte> input, in NatsFrame frame)
    {
        Registrations.Enter();
        var unsub = new UnsubReceived(frame.Sid.Of(input).ToArray(), frame.Max);
        if (frame.Max > 0 || !IsAnythingOnItsWay)
        {
            _frames.Add(unsub);
            return;
        }

        // What this client published before may be on its way back to it: the subscription ends behind that.
        _mustSettle = true;
        StartFence(unsub);
    }

    private SessionProgress Connect(ReadOnlySpan<byte> input, in NatsFrame frame)
    {
        if (!NatsJson.TryReadConnect(frame.Argument.Of(input), out var options)) return Fault(NatsErrors.ParserError);
        if (options.Protocol is < 0 or > 1) return Fault(NatsErrors.InvalidClientProtocol);
        if (options.NoResponders && !options.Headers) return Fault(NatsErrors.NoRespondersRequiresHeaders);
        (_echo, _headers, _pedantic, _verbose) = (options.Echo, options.Headers, options.Pedantic, options.Verbose);
        _producer.WantsNoResponders = options.NoResponders;
        // Nothing is published for one whose name is not accepted.
        Registrations.Enter();
        _hasConnected = true;
        _mustSettle |= options.Bus is not null;
        _frames.Add(new ConnectReceived(options));
        return SessionProgress.NeedsMore;
    }

    protected override SessionProgress Fault(NatsError error)
    {
        // The client counts: its +OKs come before the error that is behind them.
        OweOks();
        var fault = new FaultReceived(error);
        if (!error.Closes)
        {
            _frames.Add(fault);
            return SessionProgress.NeedsMore;
        }

        // What it published to itself before is still delivered; then the connection ends.
        StartFence(fault);
        return SessionProgress.Ended;
    }

    private void StartFence(object? tag)
    {
        TellFrames();
        Interlocked.Increment(ref _fencesOut);
        _builder.StartFence(_connection, tag);
    }

    private void OweOks()
    {
        if (_oks > 0) _frames.Add(new OkOwed(_oks));
        _oks = 0;
    }

    private void TellFrames()
    {
        OweOks();
        if (_frames.Count == 0) return;
        _connection.Tell(new Received(_frames), ActorRefs.NoSender);
        _frames = [];
    }
}
