#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>Applies one or more matchers to the events of a system.</summary>
internal sealed class EventFilterApplier(ActorSystem system, EventMatcher[] matchers) : IEventFilterApplier
{
    private static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);

    public EventFilterFactory And => new(system, matchers);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) => Expect(1, Leeway, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) => Expect(1, timeout, action, cancellationToken);

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) => ExpectAsync(1, actionAsync, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) => Expect(expectedCount, Leeway, action, cancellationToken);

    public void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default)
    {
        using var filter = Start();
        action();
        Check(filter, expectedCount, Polling.Until(() => IsDecided(filter, expectedCount), timeout, null, cancellationToken));
    }

    public async Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default)
    {
        using var filter = Start();
        await actionAsync();
        Check(filter, expectedCount, await Polling.UntilAsync(() => Task.FromResult(IsDecided(filter, expectedCount)), Leeway, null, cancellationToken));
    }

    public void Mute(Action action, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var filter = Start();
        action();
    }

    public async Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var filter = Start();
        await action();
    }

    public IUnmutableFilter Mute() => Start();

    private ActiveFilter Start() => TestEventListener.For(system).Start(matchers);

    private static bool IsDecided(ActiveFilter filter, int expected) => expected == 0 ? filter.Count > 0 : filter.Count >= expected;

    private void Check(ActiveFilter filter, int expected, bool decided)
    {
        if (filter.Count == expected) return;
        var what = string.Join(" or ", matchers.Select(m => m.Description));
        var when = decided ? "" : " in time";
        throw new ExpectationException($"Expected {what} {expected} times, but it came {filter.Count} times{when}." + TestEventListener.For(system).Describe());
    }
}
