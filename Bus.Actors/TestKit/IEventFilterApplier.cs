#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>
/// What to do with the events that a filter matches: expect so many of them while an action runs (and up to 30 seconds after it, unless a timeout
/// is given), or mute them. Matched events do not count as unexpected errors.
/// </summary>
public interface IEventFilterApplier
{
    /// <summary>Adds another filter: an event that either matches counts.</summary>
    EventFilterFactory And { get; }

    /// <summary>Expects exactly one event.</summary>
    void ExpectOne(Action action, CancellationToken cancellationToken = default);

    /// <summary>Expects exactly one event.</summary>
    void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    /// <summary>Expects exactly one event.</summary>
    Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <summary>Expects exactly <paramref name="expectedCount"/> events. Zero waits out the whole timeout.</summary>
    void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default);

    /// <summary>Expects exactly <paramref name="expectedCount"/> events. Zero waits out the whole timeout.</summary>
    void Expect(int expectedCount, TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    /// <summary>Expects exactly <paramref name="expectedCount"/> events. Zero waits out the whole timeout.</summary>
    Task ExpectAsync(int expectedCount, Func<Task> actionAsync, CancellationToken cancellationToken = default);

    /// <summary>Mutes the events while the action runs.</summary>
    void Mute(Action action, CancellationToken cancellationToken = default);

    /// <summary>Mutes the events while the action runs.</summary>
    Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default);

    /// <summary>Mutes the events until told otherwise.</summary>
    IUnmutableFilter Mute();
}
