// Step 6 of the data path: write. The connection actor formats deliveries into its outbound buffer; nobody else writes to it.
// Before: Bus.Core/Topics/TopicActor.cs (step 5). Next: Channels/SocketSender.cs (step 7), through ConnectionWriter.cs.

using Bus.Core;
using Bus.Core.Messages;
using Bus.Core.Presence;
using Bus.Core.Routing;
using Bus.Core.Topics;
using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>
/// One socket: its subscriptions, its limits, its outbound buffer. It fails alone: a broken protocol or a bug ends this
/// connection, its manager logs the cause, and <see cref="PostStop"/> gives back all that it held.
/// </summary>
internal sealed class ConnectionActor : UntypedActor, IWithTimers
{
    private readonly ConnectionSetup _setup;
    private readonly ConnectionProducer _producer;
    private readonly OwedReplies _owed = new();
    private readonly SubscriptionTable _subscriptions;
    private readonly ClientSession _session;
    private readonly ConnectionWriter _writer;
    private readonly DeliveryWriter _deliveries;
    private readonly BackPressure _backPressure;
    private readonly PeerPings _pings;
    private readonly DroppedMessages _dropped;
    private readonly Membership _membership;
    private readonly ConnectionProblems _problems;
    private readonly Admission _admission;
    private readonly PeerFrames _frames;
    private readonly ConnectionEnd _end;
    private readonly Handover _handover;
    private readonly FenceQueue _fences = new();

    public ConnectionActor(ConnectionSetup setup)
    {
        _setup = setup;
        var (self, environment, options) = (Self, setup.Environment, setup.Options);
        _producer = new ConnectionProducer(environment.Slabs, options.PublishWindow);
        _subscriptions = new SubscriptionTable(setup.Topics, self, options.MaxSubscriptions);
        _session = new ClientSession(self, environment.Router, _producer, NatsRules.FromClient(options.MaxControlLine, options.MaxPayload), _owed, isGuarded: options.Authenticate is not null);
        _writer = new ConnectionWriter(setup.Channel, environment.Slabs, self);
        _deliveries = new DeliveryWriter(_writer, _subscriptions, _owed, environment.Router);
        _backPressure = new BackPressure(options, environment.Time);
        _pings = new PeerPings(options.MaxPingsOut, environment.Time, _writer);
        _dropped = new DroppedMessages(setup, _writer);
        _membership = new Membership(setup, _producer, Context);
        _problems = new ConnectionProblems(setup, _membership);
        _admission = new Admission(setup, _membership, _problems, _writer, _session, self);
        _frames = new PeerFrames(setup, _session, _subscriptions, _writer, _deliveries, _dropped, _pings, _membership, _problems, _admission);
        _end = new ConnectionEnd(setup, _writer, _subscriptions, _backPressure, _pings, _membership, _problems);
        _handover = new Handover(setup, _session, _membership);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _writer.Append(NatsJson.InfoLine(_setup.Info));
        var reader = new SocketReader(_setup.Channel, new ReadBuffer(_setup.Environment.Slabs), _session);
        reader.RunAsync().PipeTo(Self, success: () => new ReaderEnded(Fault: null), failure: fault => new ReaderEnded(fault));
        Timers.StartSingleTimer(ConnectDue.Instance, ConnectDue.Instance, _setup.Options.ConnectTimeout);
        Timers.StartPeriodicTimer(PingDue.Instance, PingDue.Instance, _setup.Options.PingInterval);
    }

    protected override void PostStop()
    {
        _admission.Dispose();
        _session.Credit.Abort();
        _session.Registrations.Abort();
        // Who comes back with its name finds its places free,
        _subscriptions.RemoveAll();
        // and the peer, when it sees the end, its name.
        _membership.Leave();
        _writer.Dispose();
        _pings.End();
        _backPressure.RefuseAll(_setup.Environment.Router);
        _handover.Done();
        foreach (var replyTo in _owed.TakeAll()) StatusMessage.ResponderLost(_setup.Environment.Router, _producer, replyTo);
    }

    protected override void OnReceive(object message)
    {
        try
        {
            Process(message);
        }
        catch (Exception fault) when (_problems.Failed(fault))
        {
            // Never: it is only looked at on its way.
        }
    }

    private void Process(object message)
    {
        switch (message)
        {
            case Delivery delivery:
                Take(delivery);
                break;
            case Flush:
                Send();
                break;
            case SendCompleted completed:
                if (_writer.Completed(completed.Outcome)) Send();
                else Context.Stop(Self);
                break;
            case Received received:
                foreach (var frame in received.Frames) Handle(frame);
                break;
            case Fence fence:
                _fences.Arrived(fence);
                while (_fences.TryComplete(out var done)) Passed(done.Tag);
                break;
            case ReaderEnded { Fault: { } fault }:
                throw new ConnectionFaultException($"The reader of connection {_setup.Id} failed.", fault);
            case ReaderEnded:
                if (_end.IsOver) Context.Stop(Self);
                break;
            case EndIntake when !_end.HasBegun:
                _end.Announce(_session);
                break;
            case SubscriptionEnded ended:
                _end.Take(ended);
                break;
            case MessagesDropped dropped:
                _dropped.Add((ConnectionSubscription)dropped.Subscriber, dropped.Count, Timers);
                break;
            case DropsDue:
                _dropped.Tell(Timers);
                break;
            case StallExpired:
                if (_backPressure.IsStalled) AwaitRoom();
                break;
            case PingDue:
                if (!_pings.Tick(_session.TakeHeard(), _session.Credit.IsOpen)) Close(_problems.Stale(), LeaveReason.Stale);
                break;
            case Probe probe:
                _pings.Ask(probe);
                break;
            case ConnectDue:
                if (_admission.IsLate()) Close(_problems.ProtocolError(NatsErrors.AuthenticationTimeout), LeaveReason.ProtocolError);
                break;
            case Authenticated authenticated:
                if (!_end.HasBegun && _admission.Decide(authenticated) is { } denial) Close(denial, LeaveReason.ProtocolError);
                break;
            case CloseConnection close:
                Close(close.Error, LeaveReason.BusStopped);
                break;
            case TakenOver taken:
                if (_handover.Begin(taken, _end.HasBegun, Timers)) GiveWay();
                break;
            case HandoverDue:
                if (_handover.IsUnderWay) GiveWay();
                break;
            case GivenWay:
                _admission.GivenWay();
                break;
            case Terminated:
                // What it is another socket of has ended. If the whole client ends it closes this one too, behind what it has published.
                Timers.StartSingleTimer(CloseDue.Instance, CloseDue.Instance, _setup.Options.ConnectTimeout);
                break;
            case CloseDue:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Take(Delivery delivery)
    {
        var subscription = (ConnectionSubscription)delivery.Subscriber;
        if (_end.HasBegun || subscription.IsClosed)
        {
            HandBack.Give(delivery, _setup.Environment.Router);
            return;
        }

        var own = ReferenceEquals(delivery.Batch.Producer.Origin, _producer.Origin);
        if (!own && _backPressure.MustPark(_writer.Pending))
        {
            HoldBack(delivery, subscription);
            return;
        }

        // A connection that drowns in what it sends itself has nobody to hold back.
        if (_writer.Pending > _setup.Options.MaxPending)
        {
            HandBack.Give(delivery, _setup.Environment.Router);
            CloseAsSlow();
            return;
        }

        _deliveries.Write(delivery);
    }

    /// <summary>The peer does not read: its producers wait, unless the topic wants otherwise.</summary>
    private void HoldBack(Delivery delivery, ConnectionSubscription subscription)
    {
        if (subscription.WhenSlow == SlowSubscriberAction.Hold && _backPressure.Park(delivery)) AwaitRoom();
        if (subscription.WhenSlow == SlowSubscriberAction.Hold) return;
        _dropped.Take(delivery, Timers);
        if (subscription.WhenSlow == SlowSubscriberAction.Disconnect) CloseAsSlow(subscription.Filter);
    }

    private void Send()
    {
        if (!_writer.Flush())
        {
            Context.Stop(Self);
            return;
        }

        while (_backPressure.TryUnpark(_writer.Pending, out var delivery)) _deliveries.Write(delivery);
        if (_end.Sent()) Context.Stop(Self);
    }

    private void Handle(object frame)
    {
        if (_frames.Take(frame, Timers) is { } ending) Close(ending.Error, ending.Reason);
    }

    /// <summary>Everything that was published before this point has been routed, and what came back of it is written.</summary>
    private void Passed(object? tag)
    {
        _session.FencePassed();
        if (tag is PingReceived) _writer.Append(NatsWriter.Pong);
        else if (tag is UnsubReceived or FaultReceived) Handle(tag);
        else if (tag is EndOfStream) HeardAll();
    }

    private void HeardAll()
    {
        if (_end.IsLeaving) Context.Parent.Tell(IntakeOver.Instance, Self);
        else Close(error: null, _handover.IsUnderWay ? LeaveReason.TakenOver : LeaveReason.Lost);
        _handover.Done();
    }

    /// <summary>
    /// Deliveries wait: for as long as the budget goes, which earlier stalls may have used up. Also called when the timer
    /// fires, which by its own clock may be a few milliseconds early.
    /// </summary>
    private void AwaitRoom()
    {
        if (_backPressure.IsExhausted) CloseAsSlow();
        else Timers.StartSingleTimer(StallExpired.Instance, StallExpired.Instance, _backPressure.Left);
    }

    private void CloseAsSlow(string? topic = null) => Close(_end.Slow(topic), LeaveReason.SlowConsumer);

    private void GiveWay()
    {
        try
        {
            _session.EndIntake();
            Close(NatsErrors.ClientNameTakenOver(_handover.Successor), LeaveReason.TakenOver);
        }
        finally
        {
            // In any case: the other waits for it.
            _handover.Done();
        }
    }

    private void Close(NatsError? error, LeaveReason reason)
    {
        if (_end.TryBegin(error, reason, Timers)) Send();
    }
}
