namespace Bus.Tests.Actors.Contract;

public sealed class ReceiveActorTests : ContractTest
{
    [Fact]
    public void The_first_handler_that_fits_takes_the_message()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Handlers()));
        Ask(actor, "hello", "string hello");
        Ask(actor, 1, "small 1");
        Ask(actor, 100, "int 100");
        Ask(actor, 2.5, "any 2.5");
    }

    [Fact]
    public void A_handler_takes_derived_types_and_interfaces()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Handlers()));
        Ask(actor, new ArgumentNullException("x"), "exception ArgumentNullException");
        Ask(actor, new List<int>(), "enumerable");
    }

    [Fact]
    public void A_handler_that_returns_false_leaves_the_message_to_the_next()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Handlers()));
        Ask(actor, 'a', "first char a");
        Ask(actor, 'b', "any b");
    }

    [Fact]
    public void A_message_that_no_handler_takes_is_unhandled()
    {
        var unhandled = Listen(typeof(UnhandledMessage));
        var actor = Sys.ActorOf(Props.Create(() => new OnlyStrings()));
        actor.Tell(7, TestActor);
        var message = unhandled.ExpectMsg<UnhandledMessage>();
        Assert.Equal(7, message.Message);
        Assert.Equal(TestActor, message.Sender);
        Assert.Equal(actor, message.Recipient);
    }

    [Fact]
    public void Handlers_can_only_be_added_while_a_behaviour_is_made()
    {
        var actor = Sys.ActorOf(Props.Create(() => new AddsTooLate()));
        actor.Tell("add", TestActor);
        ExpectMsg("InvalidOperationException");
    }

    [Fact]
    public void While_an_async_handler_waits_no_other_message_is_handled()
    {
        var gate = new TaskCompletionSource();
        var actor = StartAsync(gate.Task);
        actor.Tell("wait", TestActor);
        actor.Tell("next", TestActor);
        ExpectMsg("before");
        ExpectNothingElse();
        gate.SetResult();
        ExpectMsg("after");
        ExpectMsg("next");
    }

    [Fact]
    public void Sender_and_self_are_valid_after_an_await()
    {
        var gate = new TaskCompletionSource();
        var actor = StartAsync(gate.Task);
        var probe = CreateTestProbe();
        actor.Tell("wait", probe.Ref);
        actor.Tell("next", TestActor);
        probe.ExpectMsg("before");
        gate.SetResult();
        probe.ExpectMsg("after");
        Assert.Equal(actor, probe.LastSender);
        ExpectMsg("next");
    }

    [Fact]
    public void An_error_after_an_await_is_supervised()
    {
        var actor = StartAsync(Task.FromException(new TestFailure("late failure")));
        EventFilter.Exception<TestFailure>("late failure").ExpectOne(() => actor.Tell("wait", TestActor));
        ExpectMsg("before");
        actor.Tell("still there", TestActor);
        ExpectMsg("still there");
    }

    [Fact]
    public void An_error_after_a_real_await_is_supervised()
    {
        var gate = new TaskCompletionSource();
        var actor = StartAsync(gate.Task);
        actor.Tell("wait", TestActor);
        actor.Tell("next", TestActor);
        ExpectMsg("before");
        EventFilter.Exception<TestFailure>("late failure").ExpectOne(() => gate.SetException(new TestFailure("late failure")));
        ExpectMsg("next");
    }

    [Fact]
    public void A_poison_pill_waits_for_the_async_handler()
    {
        var gate = new TaskCompletionSource();
        var actor = StartAsync(gate.Task);
        Watch(actor);
        actor.Tell("wait", TestActor);
        actor.Tell(PoisonPill.Instance, TestActor);
        ExpectMsg("before");
        ExpectNothingElse();
        gate.SetResult();
        ExpectMsg("after");
        ExpectTerminated(actor);
    }

    [Fact]
    public void A_stop_does_not_wait_for_the_async_handler()
    {
        var gate = new TaskCompletionSource();
        var actor = StartAsync(gate.Task);
        Watch(actor);
        actor.Tell("wait", TestActor);
        ExpectMsg("before");
        Sys.Stop(actor);
        ExpectTerminated(actor);
        gate.SetResult();
        ExpectNothingElse();
    }

    [Fact]
    public void Async_handlers_keep_the_order_of_messages()
    {
        var actor = Sys.ActorOf(Props.Create(() => new YieldingEcho()));
        foreach (var i in Enumerable.Range(0, 200)) actor.Tell(i, TestActor);
        Assert.Equal(Enumerable.Range(0, 200).Cast<object>(), ReceiveN(200));
    }

    private IActorRef StartAsync(Task gate) => Sys.ActorOf(Props.Create(() => new Waiter(gate)));

    private void Ask(IActorRef actor, object message, string answer)
    {
        actor.Tell(message, TestActor);
        ExpectMsg(answer);
    }

    private sealed class Handlers : ReceiveActor
    {
        public Handlers()
        {
            Receive<string>(text => Reply($"string {text}"));
            Receive<int>(n => n < 10, n => Reply($"small {n}"));
            Receive<int>(n => Reply($"int {n}"));
            Receive<Exception>(e => Reply($"exception {e.GetType().Name}"));
            Receive<System.Collections.IEnumerable>(_ => Reply("enumerable"));
            Receive<char>(c =>
            {
                if (c != 'a') return false;
                Reply($"first char {c}");
                return true;
            });
            ReceiveAny(message => Reply(FormattableString.Invariant($"any {message}")));
        }

        private void Reply(string text) => Sender.Tell(text, Self);
    }

    private sealed class OnlyStrings : ReceiveActor
    {
        public OnlyStrings()
        {
            Receive<string>(_ => { });
        }
    }

    private sealed class AddsTooLate : ReceiveActor
    {
        public AddsTooLate()
        {
            Receive<string>(_ =>
            {
                try
                {
                    Receive<int>(_ => { });
                }
                catch (InvalidOperationException e)
                {
                    Sender.Tell(e.GetType().Name, Self);
                }
            });
        }
    }

    private sealed class Waiter : ReceiveActor
    {
        public Waiter(Task gate)
        {
            ReceiveAsync<string>(text => text == "wait", async _ =>
            {
                Sender.Tell("before", Self);
                await gate;
                Sender.Tell("after", Self);
            });
            ReceiveAny(message => Sender.Tell(message, Self));
        }
    }

    private sealed class YieldingEcho : ReceiveActor
    {
        public YieldingEcho()
        {
            ReceiveAsync<int>(async n =>
            {
                await Task.Yield();
                Sender.Tell(n, Self);
            });
        }
    }
}
