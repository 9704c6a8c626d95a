using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.State;
using Bus.Core.Topics;
using Microsoft.Extensions.Logging;

namespace Bus.Core.Endpoint;

/// <summary>
/// One subscription of one endpoint, from its first delivery to its end, which a maximum, the user, a failure or the endpoint
/// brings about. It supervises the handler.
/// </summary>
internal sealed class SubscriptionActor : UntypedActor, IWithTimers
{
    // How long a handler may go on after its token was cancelled.
    private static readonly TimeSpan HandlerGrace = TimeSpan.FromSeconds(5);

    private readonly SubscriptionCore _core;
    private readonly IActorRef _endpoint;
    private readonly BusEnvironment _environment;
    private readonly OwedReplies? _owed;
    private readonly ILogger _log;
    private readonly ActorTarget? _target;
    private SubscriptionIntake _intake = null!;
    private IActorRef _handler = ActorRefs.Nobody;
    private SlowConsumerException? _overflow;
    private Exception? _error;
    private Exception? _ended;
    private int _fences;
    private bool _intakeOver;
    private bool _closeTold;

    public SubscriptionActor(SubscriptionCore core, IActorRef endpoint, BusEnvironment environment, OwedReplies? owed)
    {
        (_core, _endpoint, _environment, _owed) = (core, endpoint, environment, owed);
        _log = environment.Loggers.CreateLogger<SubscriptionActor>();
        if (core.Target is { } actor) _target = new ActorTarget(core, actor, _log);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private MessageBuffer Buffer => _core.Buffer;

    /// <summary>Nothing more is taken.</summary>
    private bool IsOver => _intakeOver && _fences == 0;

    protected override SupervisorStrategy SupervisorStrategy()
    {
        var policy = _core.Options.OnFailure;
        return new OneForOneStrategy(policy.MaxRestarts ?? -1, policy.MaxRestarts is null ? -1 : (int)policy.Within.TotalMilliseconds, Decide, loggingEnabled: false);
    }

    protected override void PreStart()
    {
        Buffer.Owner = Self;
        _intake = new SubscriptionIntake(_core, _environment, _owed, _target, Timers, _log);
        if (_core.Handler is not null)
        {
            var core = _core;
            _handler = Context.ActorOf(Props.Create(() => new HandlerActor(core)), "handler");
            Context.Watch(_handler);
        }
        else if (_core.Target is not null)
        {
            Context.Watch(_core.Target);
        }
        else
        {
            Buffer.Drained.PipeTo(Self, success: () => Consumed.Instance, failure: _ => Consumed.Instance);
        }
    }

    protected override void PostStop()
    {
        var error = _overflow ?? _ended ?? _error ?? _core.Escalated;
        Buffer.Complete(failed: error is not null);
        _intake.Discard();
        _core.Finish(error);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Delivery delivery when IsOver:
                HandBack.Give(delivery, _environment.Router);
                break;
            case Delivery delivery:
                _intake.Add(delivery);
                _intake.Pump();
                Pumped();
                break;
            case RoomMade:
                _intake.RoomMade();
                Pumped();
                break;
            case StallDue:
                _intake.CheckStall();
                CompleteIfDone();
                break;
            case MessagesDropped dropped:
                _intake.Dropped(dropped.Count);
                break;
            case DropsDue:
                _intake.TellDrops();
                break;
            case EndSubscription { Drain: false }:
                EndNow();
                break;
            case EndSubscription end:
                BeginDrain(end.Fences);
                break;
            case SubscriptionEnded ended:
                EndWith(TopicErrors.OfSubscription(_core.Filters, ended.Reason.Error, ended.Reason.Text));
                break;
            case EndWithError end:
                EndWith(end.Error);
                break;
            case Fence:
                if (--_fences == 0) EndIntake();
                break;
            case Consumed:
                Close();
                Context.Stop(Self);
                break;
            case GraceOver:
                Context.Stop(Self);
                break;
            case Terminated terminated:
                Died(terminated.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Pumped()
    {
        if (_intake.HasOverflowed && _overflow is null) EndSlow();
        if (_intake.IsSpent && !IsOver) EndIntake();
        WakeHandler();
        CompleteIfDone();
    }

    private void CompleteIfDone()
    {
        if (IsOver && _intake.IsEmpty) Buffer.Complete(failed: _ended is not null);
    }

    private void WakeHandler()
    {
        if (_core.Handler is not null && (Buffer.Count > 0 || Buffer.IsCompleted) && Buffer.MustWake()) _handler.Tell(HandlerActor.Drain.Instance, Self);
    }

    private Directive Decide(Exception exception)
    {
        BusLog.HandlerFailed(_log, _core.Filters.ToString(), _core.Options.OnFailure.Action, exception);
        // Kept in case that this one ends it: the limit of restarts is the strategy's business.
        _error = exception;
        switch (_core.Options.OnFailure.Action)
        {
            case FailureAction.Resume:
                return Directive.Resume;
            case FailureAction.Stop:
                return Directive.Stop;
            case FailureAction.Escalate:
                _core.Escalated = exception;
                return Directive.Escalate;
            default:
                return Directive.Restart;
        }
    }

    private void Died(IActorRef actor)
    {
        if (actor.Equals(_handler) && !_intakeOver) BusLog.SubscriptionFailed(_log, _core.Filters.ToString(), _error);
        else if (_intakeOver) _error = null;
        Close();
        if (_target is null)
        {
            Context.Stop(Self);
            return;
        }

        _intakeOver = true;
        _fences = 0;
        _intake.Refuse();
        _target.Stopped();
        Answered(_target);
    }

    private void BeginDrain(int fences)
    {
        if (_intakeOver) return;
        _intakeOver = _closeTold = true;
        _fences = fences;
        if (fences == 0) EndIntake();
    }

    /// <summary>The bus has ended it: what has arrived is handled, and then it fails with this.</summary>
    private void EndWith(Exception error)
    {
        _ended ??= error;
        if (!IsOver) EndIntake();
    }

    /// <summary>Nothing more comes in; what is in is still handled.</summary>
    private void EndIntake()
    {
        _intakeOver = true;
        _fences = 0;
        if (_intake.IsSpent) _intake.Refuse();
        Close();
        if (_intake.IsEmpty) Buffer.Complete(failed: _ended is not null);
        WakeHandler();
        // An actor has everything the moment it is told, but for the answers to requests.
        if (_target is not null && _intake.IsEmpty) Answered(_target);
    }

    /// <summary>Stops when the actor has answered its requests, or had some time for it.</summary>
    private void Answered(ActorTarget target)
    {
        var answered = target.CompleteAsync();
        answered.PipeTo(Self, success: () => Consumed.Instance);
        if (!answered.IsCompleted) Timers.StartSingleTimer(GraceOver.Instance, GraceOver.Instance, HandlerGrace);
    }

    private void EndNow()
    {
        _intakeOver = _closeTold = true;
        _error = null;
        Buffer.Complete(failed: _overflow is not null);
        _intake.Discard();
        _core.CancelHandler();
        // The handler that runs is waited for: it stops itself when it finds the buffer at its end.
        if (_core.Handler is null)
        {
            Context.Stop(Self);
            return;
        }

        WakeHandler();
        Timers.StartSingleTimer(GraceOver.Instance, GraceOver.Instance, HandlerGrace);
    }

    /// <summary>The consumer is too slow, and its subscription is to end then.</summary>
    private void EndSlow()
    {
        _overflow = new SlowConsumerException(_core.Filters.ToString(), Buffer.Capacity);
        _environment.Counters.SlowConsumer();
        Close();
        _fences = 0;
        EndNow();
    }

    /// <summary>Ended from this side: the endpoint unsubscribes.</summary>
    private void Close()
    {
        if (_closeTold) return;
        _closeTold = true;
        _endpoint.Tell(new IntakeEnded(_core), Self);
    }
}
