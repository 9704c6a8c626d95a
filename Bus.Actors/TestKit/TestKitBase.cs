#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>
/// A test's view of an actor system: a test actor whose messages the test takes and checks. A failed expectation throws an exception that says what
/// was expected, what came, and which errors were logged meanwhile. For use by one test at a time; not thread-safe, but the actors may run anywhere.
/// Where a duration is left out, the rest of the innermost <see cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/> block counts, else 30 seconds.
/// </summary>
public abstract class TestKitBase : IActorRefFactory
{
    private static int _probes;

    private readonly TestMailbox _mailbox = new();
    private readonly TimeFrame _time = new();
    private readonly Expectations _expect;
    private readonly TestEventListener _events;

    /// <summary>Starts the test actor in <paramref name="system"/>, or in a new system named "test" when that is null.</summary>
    private protected TestKitBase(ActorSystem system, string testActorName)
    {
        Sys = system ?? ActorSystem.Create("test");
        _events = TestEventListener.For(Sys);
        _expect = new Expectations(_mailbox, _time, _events.Describe);
        TestActor = CreateTestActor(testActorName ?? $"testActor-{Interlocked.Increment(ref _probes)}");
    }

    /// <summary>The system under test.</summary>
    public ActorSystem Sys { get; }

    /// <summary>The actor whose messages the expectations check; give it as sender or reply address.</summary>
    public IActorRef TestActor { get; }

    /// <summary>The message that an expectation took last; null before that.</summary>
    public object LastMessage => _mailbox.Last.Message;

    /// <summary>The sender of <see cref="LastMessage"/>.</summary>
    public IActorRef LastSender => _mailbox.Last.Sender;

    /// <summary>True when a message is waiting for an expectation.</summary>
    public bool HasMessages => _mailbox.HasMessages;

    /// <summary>Expects, counts and mutes log events and dead letters of the system.</summary>
    public EventFilterFactory EventFilter => CreateEventFilter(Sys);

    /// <summary>What is left of the innermost Within block.</summary>
    /// <exception cref="InvalidOperationException">Outside of a Within block.</exception>
    public TimeSpan Remaining => _time.Remaining;

    /// <summary>What is left of the innermost Within block, else the default of one expectation.</summary>
    public TimeSpan RemainingOrDefault => _time.RemainingOrDefault;

    /// <summary>As <see cref="EventFilter"/>, for another system.</summary>
    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(system);

    /// <summary>Starts another probe with messages of its own.</summary>
    public virtual TestProbe CreateTestProbe(string name = null) => new(Sys, name);

    /// <summary>Starts an actor in <see cref="Sys"/>.</summary>
    public IActorRef ActorOf(Props props) => Sys.ActorOf(props);

    /// <summary>Starts an actor with a name in <see cref="Sys"/>.</summary>
    public IActorRef ActorOf(Props props, string name) => Sys.ActorOf(props, name);

    /// <summary>Drops messages to the test actor for which <paramref name="shouldIgnoreMessage"/> holds, from now on.</summary>
    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) => _mailbox.IgnoreMessages(shouldIgnoreMessage);

    /// <summary>Ends <see cref="IgnoreMessages"/>.</summary>
    public void IgnoreNoMessages() => _mailbox.IgnoreMessages(null);

    /// <summary>Lets the test actor watch; returns when it does.</summary>
    public IActorRef Watch(IActorRef actorToWatch) => Blocking.Result(WatchCommand(actorToWatch, true));

    /// <summary>Lets the test actor watch; completes when it does.</summary>
    public Task<IActorRef> WatchAsync(IActorRef actorToWatch) => WatchCommand(actorToWatch, true);

    /// <summary>Ends watching; returns when that is in force.</summary>
    public IActorRef Unwatch(IActorRef actorToUnwatch) => Blocking.Result(WatchCommand(actorToUnwatch, false));

    /// <summary>Ends watching; completes when that is in force.</summary>
    public Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch) => WatchCommand(actorToUnwatch, false);

    /// <summary>Expects a message of the type as the next one.</summary>
    public T ExpectMsg<T>(TimeSpan? duration = null, string hint = null, CancellationToken cancellationToken = default) =>
        _expect.Message(Matching.Any<T>(), duration, hint, cancellationToken);

    /// <summary>Expects a message of the type as the next one.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string hint = null, CancellationToken cancellationToken = default) =>
        _expect.MessageAsync(Matching.Any<T>(), duration, hint, cancellationToken);

    /// <summary>Expects a message that equals <paramref name="message"/> as the next one.</summary>
    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        _expect.Message(Matching.Equal(message), timeout, hint, cancellationToken);

    /// <summary>Expects a message that equals <paramref name="message"/> as the next one.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        _expect.MessageAsync(Matching.Equal(message), timeout, hint, cancellationToken);

    /// <summary>Expects a message for which <paramref name="isMessage"/> holds as the next one.</summary>
    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        _expect.Message(Matching.Where(isMessage), timeout, hint, cancellationToken);

    /// <summary>Expects a message for which <paramref name="isMessage"/> holds as the next one.</summary>
    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        _expect.MessageAsync(Matching.Where(isMessage), timeout, hint, cancellationToken);

    /// <summary>Expects a message on which <paramref name="assert"/> does not throw as the next one.</summary>
    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        _expect.Message(Matching.Assert(assert), timeout, hint, cancellationToken);

    /// <summary>Expects a message for which <paramref name="isMessageAndSender"/> holds as the next one.</summary>
    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        _expect.Message(Matching.Where(isMessageAndSender), timeout, hint, cancellationToken);

    /// <summary>Expects a message on which <paramref name="assertMessageAndSender"/> does not throw as the next one.</summary>
    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        _expect.Message(Matching.Assert(assertMessageAndSender), timeout, hint, cancellationToken);

    /// <summary>Expects a message of the type from <paramref name="sender"/> as the next one.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string hint = null, CancellationToken cancellationToken = default) =>
        _expect.Message(Matching.From(sender, Matching.Any<T>()), duration, hint, cancellationToken);

    /// <summary>Expects a message that equals <paramref name="message"/> from <paramref name="sender"/> as the next one.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        _expect.Message(Matching.From(sender, Matching.Equal(message)), timeout, hint, cancellationToken);

    /// <summary>Expects one of the messages as the next one.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        _expect.Message(Matching.OneOf(messages), null, null, cancellationToken);

    /// <summary>Expects all the messages as the next ones, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => _expect.AllOf(messages, null, default);

    /// <summary>Expects all the messages as the next ones, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        _expect.AllOf(messages, null, cancellationToken);

    /// <summary>Expects the <see cref="Terminated"/> of <paramref name="target"/>, which must be watched, as the next message.</summary>
    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        _expect.Message(Matching.TerminationOf(target), timeout, hint, cancellationToken);

    /// <summary>Expects the <see cref="Terminated"/> of <paramref name="target"/>, which must be watched, as the next message.</summary>
    public ValueTask<Terminated> ExpectTerminatedAsync(IActorRef target, TimeSpan? timeout = null, string hint = null, CancellationToken cancellationToken = default) =>
        _expect.MessageAsync(Matching.TerminationOf(target), timeout, hint, cancellationToken);

    /// <summary>Expects that no message comes for the whole duration, which it waits out. A fence message is faster and surer.</summary>
    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) => _expect.NoMessage(duration, cancellationToken);

    /// <summary>Expects that no message comes for the whole duration, which it waits out.</summary>
    public ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) => _expect.NoMessageAsync(duration, cancellationToken);

    /// <summary>Expects that no message comes for that many milliseconds, which it waits out.</summary>
    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        _expect.NoMessage(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <summary>Expects that no message comes for that many milliseconds, which it waits out.</summary>
    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        _expect.NoMessageAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <summary>Takes messages until one is the wanted.</summary>
    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        _expect.Fish(isMessage, max, hint, cancellationToken);

    /// <summary>Takes messages until one is of the type and the wanted.</summary>
    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        _expect.Fish(isMessage, max, hint, cancellationToken);

    /// <summary>Takes messages until one is of the type and the wanted.</summary>
    public ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        _expect.FishAsync(isMessage, max, hint, cancellationToken);

    /// <summary>The next message, or null when none comes in time.</summary>
    public object ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        _mailbox.Take(_time.RemainingOr(max), cancellationToken)?.Message;

    /// <summary>The next message, or null when none comes in time.</summary>
    public async ValueTask<object> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        (await _mailbox.TakeAsync(_time.RemainingOr(max), cancellationToken))?.Message;

    /// <summary>The next messages, exactly so many.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        _expect.Several(numberOfMessages, null, cancellationToken);

    /// <summary>The next messages, exactly so many within <paramref name="max"/>.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default) =>
        _expect.Several(numberOfMessages, max, cancellationToken);

    /// <summary>Runs <paramref name="action"/>, which must end within <paramref name="max"/>; expectations in it wait no longer than that.</summary>
    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    /// <summary>Runs <paramref name="action"/>, which must take at least <paramref name="min"/> and at most <paramref name="max"/>.</summary>
    public void Within(TimeSpan min, TimeSpan max, Action action, string hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var block = _time.Enter(max);
        try
        {
            action();
        }
        finally
        {
            _time.Leave(block);
        }

        TimeFrame.Check(block, min, max, epsilonValue ?? TimeSpan.Zero, hint);
    }

    /// <summary>Repeats <paramref name="assertion"/> until it does not throw; throws its last exception when the time is over.</summary>
    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        Polling.Assert(assertion, _time.RemainingOr(duration), interval, cancellationToken);

    /// <summary>Repeats <paramref name="assertion"/> until it does not throw; throws its last exception when the time is over.</summary>
    public Task AwaitAssertAsync(Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        Polling.AssertAsync(assertion, _time.RemainingOr(duration), interval, cancellationToken);

    /// <summary>Waits until the condition holds.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <summary>Waits until the condition holds, at most <paramref name="max"/>.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <summary>Waits until the condition holds, at most <paramref name="max"/>; looks every <paramref name="interval"/> (default 10 ms).</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string message = null, CancellationToken cancellationToken = default)
    {
        if (!Polling.Until(conditionIsFulfilled, _time.RemainingOr(max), interval, cancellationToken))
            throw _expect.Fail($"The condition did not come true within {_time.RemainingOr(max)}. {message}");
    }

    /// <summary>Waits until the condition holds.</summary>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <summary>Waits until the condition holds, at most <paramref name="max"/>; looks every <paramref name="interval"/> (default 10 ms).</summary>
    public async Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string message = null, CancellationToken cancellationToken = default)
    {
        if (!await Polling.UntilAsync(() => Task.FromResult(conditionIsFulfilled()), _time.RemainingOr(max), interval, cancellationToken))
            throw _expect.Fail($"The condition did not come true within {_time.RemainingOr(max)}. {message}");
    }

    /// <summary>Terminates <see cref="Sys"/> and waits for its end, 30 seconds unless said otherwise.</summary>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        var max = duration ?? TimeSpan.FromSeconds(30);
        if (!Blocking.Wait(Sys.Terminate(), max) && verifySystemShutdown) throw _expect.Fail($"The system {Sys.Name} did not terminate within {max}.");
    }

    private IActorRef CreateTestActor(string name)
    {
        var mailbox = _mailbox;
        return Sys.ActorOf(Props.Create(() => new InternalTestActor(mailbox)), name);
    }

    private async Task<IActorRef> WatchCommand(IActorRef subject, bool on)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        TestActor.Tell(new InternalTestActor.WatchCommand(subject, on, done), ActorRefs.NoSender);
        await done.Task.WaitAsync(RemainingOrDefault, TimeProvider.System);
        return subject;
    }
}
