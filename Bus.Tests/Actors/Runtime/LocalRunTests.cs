using System.Collections.Concurrent;

namespace Bus.Tests.Actors.Runtime;

/// <summary>Actors that the reading thread runs itself: only those that promise not to block, at the end of the scope, and never so many that others wait.</summary>
public sealed class LocalRunTests : IAsyncLifetime
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private readonly ActorSystem _system = ActorSystem.Create("local-runs");
    private readonly BlockingCollection<(object Message, int Thread)> _seen = [];

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _system.Terminate().WaitAsync(Guard);
        _seen.Dispose();
    }

    [Fact]
    public void What_is_told_in_a_scope_runs_at_its_end_on_the_same_thread_and_what_that_tells_too()
    {
        OnThread(() =>
        {
            var second = Bounded(next: null);
            var first = Bounded(second);
            using (LocalRuns.Open())
            {
                first.Tell("hop", ActorRefs.NoSender);
                Assert.Empty(_seen);
            }

            Assert.Equal([("hop", Environment.CurrentManagedThreadId), ("hop", Environment.CurrentManagedThreadId)], TakeAll());
        });
    }

    [Fact]
    public void An_actor_that_may_block_runs_on_the_pool()
    {
        var ordinary = _system.ActorOf(Probing(next: null));
        OnThread(() =>
        {
            using var scope = LocalRuns.Open();
            ordinary.Tell("told", ActorRefs.NoSender);
            // The scope is still open: it can only have run elsewhere.
            Assert.NotEqual(Environment.CurrentManagedThreadId, Take().Thread);
        });
    }

    [Fact]
    public void An_inner_scope_is_part_of_the_outer_one()
    {
        OnThread(() =>
        {
            var actor = Bounded(next: null);
            using (LocalRuns.Open())
            {
                using (LocalRuns.Open()) actor.Tell("told", ActorRefs.NoSender);
                Assert.Empty(_seen);
            }

            Assert.Single(TakeAll());
        });
    }

    [Fact]
    public void More_than_one_thread_should_do_goes_to_the_pool_and_nothing_is_lost()
    {
        var actors = Enumerable.Range(0, 100).Select(_ => Bounded(next: null)).ToList();
        OnThread(() =>
        {
            using var scope = LocalRuns.Open();
            foreach (var actor in actors) actor.Tell(actor, ActorRefs.NoSender);
            Assert.NotEqual(Environment.CurrentManagedThreadId, Take().Thread);
        });
        var others = Enumerable.Range(0, actors.Count - 1).Select(_ => Take().Message).Distinct().Count();
        Assert.Equal(actors.Count - 1, others);
    }

    [Fact]
    public void What_is_for_other_threads_runs_there_in_pieces_each_actor_once()
    {
        var actors = Enumerable.Range(0, (3 * SharedRuns.Capacity) + 1).Select(_ => Bounded(next: null)).ToList();
        OnThread(() =>
        {
            using (LocalRuns.Open(isShared: true))
            {
                foreach (var actor in actors) actor.Tell(actor, ActorRefs.NoSender);
            }
        });

        var seen = actors.Select(_ => Take().Message).ToList();

        Assert.Equal(actors.Count, seen.Distinct().Count());
    }

    [Fact]
    public void Two_that_talk_without_end_do_not_keep_the_thread()
    {
        IActorRef one = _system.ActorOf(Props.Create(() => new Answering()).WithBoundedTurns());
        IActorRef other = _system.ActorOf(Props.Create(() => new Answering()).WithBoundedTurns());
        OnThread(() =>
        {
            using var scope = LocalRuns.Open();
            one.Tell("endless", other);
        });
        _system.Stop(one);
        _system.Stop(other);
    }

    private static void OnThread(Action action)
    {
        Exception? failure = null;
        // A thread of its own: no actor can run on it but inside a scope.
        var thread = new Thread(() => failure = Record.Exception(action)) { IsBackground = true };
        thread.Start();
        Assert.True(thread.Join(Guard), "The scope did not end.");
        if (failure is not null) throw new InvalidOperationException(failure.Message, failure);
    }

    /// <summary>In a scope of its own: when that ends, the run that creates the actor is over, and the next one is free to be taken.</summary>
    private IActorRef Bounded(IActorRef? next)
    {
        using var scope = LocalRuns.Open();
        return _system.ActorOf(Probing(next).WithBoundedTurns());
    }

    private Props Probing(IActorRef? next)
    {
        var seen = _seen;
        return Props.Create(() => new Probe(seen, next));
    }

    private (object Message, int Thread) Take() => _seen.TryTake(out var item, Guard) ? item : throw new TimeoutException("Nothing ran.");

    private List<(object Message, int Thread)> TakeAll()
    {
        var all = new List<(object, int)>();
        while (_seen.TryTake(out var item)) all.Add(item);
        return all;
    }

    private sealed class Probe(BlockingCollection<(object, int)> seen, IActorRef? next) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            seen.Add((message, Environment.CurrentManagedThreadId));
            next?.Tell(message, Self);
        }
    }

    private sealed class Answering : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }
}
