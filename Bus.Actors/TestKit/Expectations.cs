#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>Says why a message is not the expected one; null when it is.</summary>
internal delegate string Mismatch<in T>(T message, IActorRef sender);

/// <summary>
/// What a test expects of its test actor's messages. Each expectation takes messages, checks them and throws with all it knows: what was expected,
/// what came instead, and the errors logged meanwhile.
/// </summary>
internal sealed class Expectations(TestMailbox mailbox, TimeFrame time, Func<string> unexpectedLog)
{
    public T Message<T>(Mismatch<T> mismatch, TimeSpan? timeout, string hint, CancellationToken cancellationToken)
    {
        var max = time.RemainingOr(timeout);
        return Check(mailbox.Take(max, cancellationToken), mismatch, max, hint);
    }

    public async ValueTask<T> MessageAsync<T>(Mismatch<T> mismatch, TimeSpan? timeout, string hint, CancellationToken cancellationToken)
    {
        var max = time.RemainingOr(timeout);
        return Check(await mailbox.TakeAsync(max, cancellationToken), mismatch, max, hint);
    }

    public void NoMessage(TimeSpan duration, CancellationToken cancellationToken) => CheckNone(mailbox.Take(duration, cancellationToken), duration);

    public async ValueTask NoMessageAsync(TimeSpan duration, CancellationToken cancellationToken) =>
        CheckNone(await mailbox.TakeAsync(duration, cancellationToken), duration);

    public T Fish<T>(Predicate<T> isMessage, TimeSpan? max, string hint, CancellationToken cancellationToken)
    {
        var fishing = new Fishing<T>(isMessage, TimeFrame.Now + time.RemainingOr(max));
        while (!fishing.Caught(mailbox.Take(fishing.Left, cancellationToken))) fishing.CheckTime(this, hint);
        return fishing.Catch;
    }

    public async ValueTask<T> FishAsync<T>(Predicate<T> isMessage, TimeSpan? max, string hint, CancellationToken cancellationToken)
    {
        var fishing = new Fishing<T>(isMessage, TimeFrame.Now + time.RemainingOr(max));
        while (!fishing.Caught(await mailbox.TakeAsync(fishing.Left, cancellationToken))) fishing.CheckTime(this, hint);
        return fishing.Catch;
    }

    public IReadOnlyCollection<object> Several(int count, TimeSpan? max, CancellationToken cancellationToken)
    {
        var end = TimeFrame.Now + time.RemainingOr(max);
        var taken = new List<object>();
        while (taken.Count < count) taken.Add(CheckSeveral(mailbox.Take(Left(end), cancellationToken), taken, count).Message);
        return taken;
    }

    public IReadOnlyCollection<T> AllOf<T>(IReadOnlyCollection<T> expected, TimeSpan? max, CancellationToken cancellationToken)
    {
        var taken = Several(expected.Count, max, cancellationToken);
        var open = new List<object>(taken);
        foreach (var one in expected)
        {
            if (!open.Remove(one)) throw Fail($"Expected all of [{string.Join(", ", expected)}] in any order, but [{string.Join(", ", taken)}] came: {one} is missing.");
        }

        return taken.Cast<T>().ToList();
    }

    public ExpectationException Fail(string text, Exception cause = null) => new(text + unexpectedLog(), cause);

    private static TimeSpan Left(TimeSpan end) => end > TimeFrame.Now ? end - TimeFrame.Now : TimeSpan.Zero;

    private Received CheckSeveral(Received? received, List<object> taken, int count) =>
        received ?? throw Fail($"Expected {count} messages, but only {taken.Count} came in time: [{string.Join(", ", taken)}].");

    private T Check<T>(Received? received, Mismatch<T> mismatch, TimeSpan max, string hint)
    {
        var suffix = string.IsNullOrEmpty(hint) ? "" : $" [{hint}]";
        if (received is not { } came) throw Fail($"Expected a message of type {typeof(T)} within {max}, but none came{suffix}.");
        if (came.Message is not T message)
            throw Fail($"Expected a message of type {typeof(T)}, but '{came.Message}' of type {came.Message.GetType()} came from {came.Sender}{suffix}.");
        if (mismatch(message, came.Sender) is { } why) throw Fail($"'{message}' came from {came.Sender}, but {why}{suffix}.");
        return message;
    }

    private void CheckNone(Received? received, TimeSpan duration)
    {
        if (received is { } came) throw Fail($"Expected no message for {duration}, but '{came.Message}' of type {came.Message.GetType()} came from {came.Sender}.");
    }

    /// <summary>Takes messages until one is the wanted; remembers the others for the failure text.</summary>
    private sealed class Fishing<T>(Predicate<T> isMessage, TimeSpan end)
    {
        private readonly List<object> _others = [];
        private bool _empty;

        public T Catch { get; private set; }

        public TimeSpan Left => Expectations.Left(end);

        public bool Caught(Received? received)
        {
            _empty = received is null;
            if (received?.Message is T message && isMessage(message))
            {
                Catch = message;
                return true;
            }

            if (received is { } other) _others.Add(other.Message);
            return false;
        }

        public void CheckTime(Expectations expectations, string hint)
        {
            if (!_empty && TimeFrame.Now < end) return;
            throw expectations.Fail($"Fished in vain for a message of type {typeof(T)} [{hint}]; others were [{string.Join(", ", _others)}].");
        }
    }
}
