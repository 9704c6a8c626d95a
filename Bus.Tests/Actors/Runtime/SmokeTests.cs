namespace Bus.Tests.Actors.Runtime;

public sealed class SmokeTests : IAsyncLifetime
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);
    private readonly ActorSystem _system = ActorSystem.Create("smoke");

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _system.Terminate().WaitAsync(Guard);

    [Fact]
    public async Task An_actor_answers_an_ask()
    {
        var echo = _system.ActorOf(Props.Create(() => new Echo()), "echo");
        Assert.Equal("hello", await echo.Ask<string>("hello", Guard));
        Assert.Equal("akka://smoke/user/echo", echo.Path.ToString());
    }

    [Fact]
    public async Task An_ask_without_an_answer_times_out_and_says_what_was_asked()
    {
        var silent = _system.ActorOf(Props.Create(() => new Silent()), "silent");
        var error = await Assert.ThrowsAsync<AskTimeoutException>(() => silent.Ask<string>("hello", TimeSpan.FromMilliseconds(1)));
        Assert.Contains("akka://smoke/user/silent", error.Message);
        Assert.Contains("System.String", error.Message);
    }

    [Fact]
    public async Task A_failed_actor_restarts_keeps_its_mailbox_and_loses_its_state()
    {
        var counter = _system.ActorOf(Props.Create(() => new Counter()));
        counter.Tell("up");
        counter.Tell("fail");
        counter.Tell("up");
        Assert.Equal(1, await counter.Ask<int>("get", Guard));
    }

    [Fact]
    public async Task A_watcher_is_told_once_that_the_actor_stopped_also_if_it_had_before()
    {
        var silent = _system.ActorOf(Props.Create(() => new Silent()));
        Assert.True(await silent.GracefulStop(Guard));
        Assert.True(await silent.GracefulStop(Guard));
        var watcher = _system.ActorOf(Props.Create(() => new Watcher(silent)));
        Assert.Same(silent, await watcher.Ask<IActorRef>("who", Guard));
    }

    [Fact]
    public async Task Messages_left_in_the_mailbox_become_dead_letters()
    {
        var letters = new TaskCompletionSource<object>();
        var listener = _system.ActorOf(Props.Create(() => new Listener(letters)));
        _system.EventStream.Subscribe(listener, typeof(DeadLetter));
        var silent = _system.ActorOf(Props.Create(() => new Silent()));
        silent.Tell(PoisonPill.Instance);
        silent.Tell("late");
        Assert.Equal("late", Assert.IsType<DeadLetter>(await letters.Task.WaitAsync(Guard)).Message);
    }

    [Fact]
    public async Task A_throwing_constructor_stops_the_actor()
    {
        var broken = _system.ActorOf(Props.Create(() => new Broken()));
        Assert.True(await broken.GracefulStop(Guard));
    }

    [Fact]
    public async Task An_asynchronous_handler_keeps_context_and_order()
    {
        var asynchronous = _system.ActorOf(Props.Create(() => new Asynchronous()));
        var gate = new TaskCompletionSource();
        var first = asynchronous.Ask<string>(gate, Guard);
        var second = asynchronous.Ask<string>("second", Guard);
        gate.SetResult();
        Assert.Equal("1", await first);
        Assert.Equal("2", await second);
    }

    [Fact]
    public async Task Timers_and_the_receive_timeout_reach_the_actor()
    {
        var done = new TaskCompletionSource();
        _system.ActorOf(Props.Create(() => new Timed(done)));
        await done.Task.WaitAsync(Guard);
    }

    [Fact]
    public async Task A_name_is_unique_until_the_actor_has_terminated()
    {
        var first = _system.ActorOf(Props.Create(() => new Silent()), "one");
        Assert.Throws<InvalidActorNameException>(() => _system.ActorOf(Props.Create(() => new Silent()), "one"));
        Assert.Throws<InvalidActorNameException>(() => _system.ActorOf(Props.Create(() => new Silent()), "a>b"));
        await first.GracefulStop(Guard);
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Counter : ReceiveActor
    {
        private int _count;

        public Counter()
        {
            Receive<string>(text => text == "up", _ => _count++);
            Receive<string>(text => text == "fail", _ => throw new InvalidOperationException("asked to fail"));
            ReceiveAny(_ => Sender.Tell(_count));
        }
    }

    private sealed class Watcher : ReceiveActor
    {
        private IActorRef? _asker;
        private IActorRef? _stopped;

        public Watcher(IActorRef subject)
        {
            Context.Watch(subject);
            Receive<Terminated>(terminated =>
            {
                _stopped = terminated.ActorRef;
                _asker?.Tell(_stopped);
            });
            ReceiveAny(_ =>
            {
                _asker = Sender;
                if (_stopped is not null) _asker.Tell(_stopped);
            });
        }
    }

    private sealed class Listener(TaskCompletionSource<object> heard) : UntypedActor
    {
        protected override void OnReceive(object message) => heard.TrySetResult(message);
    }

    private sealed class Broken : UntypedActor
    {
        public Broken() => throw new InvalidOperationException("broken");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Asynchronous : ReceiveActor
    {
        private int _handled;

        public Asynchronous()
        {
            ReceiveAsync<TaskCompletionSource>(async gate =>
            {
                await gate.Task;
                Sender.Tell($"{++_handled}");
                Assert.NotNull(Context);
            });
            Receive<string>(_ => Sender.Tell($"{++_handled}"));
        }
    }

    private sealed class Timed : ReceiveActor, IWithTimers
    {
        public Timed(TaskCompletionSource done)
        {
            Receive<string>(_ => SetReceiveTimeout(TimeSpan.FromMilliseconds(1)));
            Receive<ReceiveTimeout>(_ => done.TrySetResult());
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartSingleTimer("key", "tick", TimeSpan.FromMilliseconds(1));
    }
}
