namespace Bus.Tests.Actors.Contract;

public sealed class ShutdownTests : ContractTest
{
    [Fact]
    public async Task Terminating_stops_all_actors_children_first()
    {
        var log = new EndLog();
        var parent = Sys.ActorOf(Props.Create(() => new Ends("parent", log, true)));
        Assert.Equal(Pong.Instance, await parent.Ask(new Ping(), Guard));
        await Sys.Terminate();
        Assert.Equal(["child", "parent"], log.Ended);
    }

    [Fact]
    public async Task WhenTerminated_completes_with_the_end()
    {
        Assert.False(Sys.WhenTerminated.IsCompleted);
        var ended = Sys.WhenTerminated;
        await Sys.Terminate();
        await ended.WaitAsync(Guard, TimeProvider.System);
        Assert.True(Sys.WhenTerminated.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Terminating_twice_is_terminating_once()
    {
        var first = Sys.Terminate();
        await Sys.Terminate();
        await first;
    }

    [Fact]
    public async Task After_the_end_no_actor_can_be_started()
    {
        await Sys.Terminate();
        Assert.ThrowsAny<Exception>(() => StartWorker());
    }

    [Fact]
    public async Task After_the_end_telling_is_harmless()
    {
        var worker = StartWorker();
        await Sys.Terminate();
        worker.Tell("anyone?", ActorRefs.NoSender);
        Sys.Stop(worker);
    }

    [Fact]
    public async Task Shutdown_runs_the_phases_in_their_order()
    {
        var ran = new List<string>();
        var shutdown = CoordinatedShutdown.Get(Sys);
        foreach (var phase in (string[])[CoordinatedShutdown.PhaseBeforeActorSystemTerminate, CoordinatedShutdown.PhaseServiceStop, CoordinatedShutdown.PhaseBeforeServiceUnbind, CoordinatedShutdown.PhaseServiceRequestsDone, CoordinatedShutdown.PhaseServiceUnbind])
            AddTask(shutdown, phase, () => ran.Add(phase));

        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        Assert.Equal(
            [
                CoordinatedShutdown.PhaseBeforeServiceUnbind, CoordinatedShutdown.PhaseServiceUnbind, CoordinatedShutdown.PhaseServiceRequestsDone,
                CoordinatedShutdown.PhaseServiceStop, CoordinatedShutdown.PhaseBeforeActorSystemTerminate,
            ],
            ran);
    }

    [Fact]
    public async Task Shutdown_terminates_the_system_at_its_end()
    {
        await CoordinatedShutdown.Get(Sys).Run(CoordinatedShutdown.ClrExitReason.Instance);
        await Sys.WhenTerminated.WaitAsync(Guard, TimeProvider.System);
    }

    [Fact]
    public async Task Actors_live_until_the_tasks_are_done()
    {
        var worker = StartWorker();
        var shutdown = CoordinatedShutdown.Get(Sys);
        var answered = false;
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "ask", async () =>
        {
            answered = await worker.Ask(new Ping(), Guard) is Pong;
            return Done.Instance;
        });
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        Assert.True(answered);
    }

    [Fact]
    public async Task All_tasks_of_a_phase_run_even_if_one_fails()
    {
        var ran = 0;
        var shutdown = CoordinatedShutdown.Get(Sys);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "fails", () => Task.FromException<Done>(new TestFailure("in a task")));
        AddTask(shutdown, CoordinatedShutdown.PhaseServiceStop, () => Interlocked.Increment(ref ran));
        AddTask(shutdown, CoordinatedShutdown.PhaseBeforeActorSystemTerminate, () => Interlocked.Increment(ref ran));
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        Assert.Equal(2, ran);
    }

    [Fact]
    public async Task Shutdown_runs_once_and_keeps_its_first_reason()
    {
        var ran = 0;
        var shutdown = CoordinatedShutdown.Get(Sys);
        AddTask(shutdown, CoordinatedShutdown.PhaseServiceStop, () => Interlocked.Increment(ref ran));
        await shutdown.Run(CoordinatedShutdown.ClrExitReason.Instance);
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        Assert.Equal(1, ran);
        Assert.Same(CoordinatedShutdown.ClrExitReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public void An_unknown_phase_is_refused()
    {
        var error = Assert.ThrowsAny<Exception>(() => AddTask(CoordinatedShutdown.Get(Sys), "tea-break", () => { }));
        Assert.Contains("tea-break", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void There_is_one_shutdown_for_a_system()
    {
        Assert.Same(CoordinatedShutdown.Get(Sys), CoordinatedShutdown.Get(Sys));
    }

    private static void AddTask(CoordinatedShutdown shutdown, string phase, Action action) =>
        shutdown.AddTask(phase, $"task of {phase}", () =>
        {
            action();
            return Task.FromResult(Done.Instance);
        });

    /// <summary>Remembers without an actor, for the end of all actors.</summary>
    private sealed class EndLog
    {
        private readonly List<string> _ended = [];

        public IReadOnlyList<string> Ended
        {
            get
            {
                lock (_ended) return [.. _ended];
            }
        }

        public void Add(string name)
        {
            lock (_ended) _ended.Add(name);
        }
    }

    private sealed class Ends : UntypedActor
    {
        private readonly string _name;
        private readonly EndLog _log;

        public Ends(string name, EndLog log, bool withChild)
        {
            _name = name;
            _log = log;
            if (withChild) Context.ActorOf(Props.Create(() => new Ends("child", log, false)));
        }

        protected override void PostStop() => _log.Add(_name);

        protected override void OnReceive(object message) => Sender.Tell(Pong.Instance, Self);
    }
}
