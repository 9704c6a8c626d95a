namespace Bus.Tests.Actors.Contract;

/// <summary>Which hooks run, on which instance and how often, when a stop or a second failure meets a start or a restart.</summary>
public sealed class HookTests : ContractTest
{
    private TestProbe? _hooks;

    [Fact]
    public void PostStop_runs_again_if_the_actor_is_stopped_while_its_restart_waits_for_its_children()
    {
        var grandparent = StartWorker();
        var parent = StartChild(grandparent, Hooked.With("parent", TestActor));
        var child = StartChildWorker(parent);
        ReceiveN(2);
        using var gate = new ManualResetEventSlim();
        child.Tell(new Run(_ => gate.Wait(Guard)), TestActor);
        Watch(parent);
        parent.Tell("fail", TestActor);
        Assert.Equal(["parent PreRestart because fail", "parent PostStop"], ReceiveN(2));
        RunIn(grandparent, context => context.Stop(parent));
        gate.Set();
        ExpectMsg("parent PostStop");
        ExpectTerminated(parent);
        ExpectNothingElse();
    }

    [Fact]
    public void After_PreRestart_the_instance_has_no_context()
    {
        var seen = new List<string>();
        var grandparent = StartWorker();
        var parent = StartChild(grandparent, Props.Create(() => new Seeing(seen)));
        using var gate = new ManualResetEventSlim();
        StartChildWorker(parent).Tell(new Run(_ => gate.Wait(Guard)), TestActor);
        Watch(parent);
        parent.Tell("fail", TestActor);
        AwaitCondition(() => seen.Count == 1);
        RunIn(grandparent, context => context.Stop(parent));
        gate.Set();
        ExpectTerminated(parent);
        Assert.Equal(["itself, 1 children", "dead letters, no context"], seen);
    }

    [Fact]
    public void If_the_constructor_fails_in_a_restart_a_stop_calls_PostStop_of_the_old_instance_again()
    {
        StartFragile("constructor 2", Directive.Stop).Tell("fail", TestActor);
        ExpectHooks("1 constructed", "1 PreStart", "1 PreRestart of fail", "1 PostStop", "2 constructed", "1 PostStop");
        ExpectMsg<Terminated>();
    }

    [Fact]
    public void If_the_constructor_fails_in_a_restart_another_restart_begins_with_PreRestart_of_the_old_instance()
    {
        StartFragile("constructor 2", Directive.Restart).Tell("fail", TestActor);
        ExpectHooks("1 constructed", "1 PreStart", "1 PreRestart of fail", "1 PostStop", "2 constructed", "1 PreRestart of ", "3 constructed", "3 PostRestart", "3 PreStart");
        ExpectNothingElse();
    }

    [Fact]
    public void If_PostRestart_fails_a_stop_calls_PostStop_of_the_new_instance()
    {
        StartFragile("PostRestart 2", Directive.Stop).Tell("fail", TestActor);
        ExpectHooks("1 constructed", "1 PreStart", "1 PreRestart of fail", "1 PostStop", "2 constructed", "2 PostRestart", "2 PostStop");
        ExpectMsg<Terminated>();
    }

    [Fact]
    public void If_PostRestart_fails_another_restart_begins_with_PreRestart_of_the_new_instance()
    {
        StartFragile("PostRestart 2", Directive.Restart).Tell("fail", TestActor);
        ExpectHooks(
            "1 constructed", "1 PreStart", "1 PreRestart of fail", "1 PostStop", "2 constructed", "2 PostRestart", "2 PreRestart of ", "3 constructed", "3 PostRestart", "3 PreStart");
        ExpectNothingElse();
    }

    [Theory]
    [InlineData("constructor 1", "1 constructed")]
    [InlineData("PreStart 1", "1 constructed", "1 PreStart")]
    public void An_instance_that_failed_to_start_gets_no_PostStop(string where, params string[] hooks)
    {
        StartFragile(where, Directive.Stop);
        ExpectHooks(hooks);
        ExpectMsg<Terminated>();
    }

    [Theory]
    [InlineData(Directive.Restart)]
    [InlineData(Directive.Resume)]
    public void A_failed_start_is_begun_anew_by_a_restart_and_by_a_resume(Directive directive)
    {
        StartFragile("PreStart 1", directive);
        ExpectHooks("1 constructed", "1 PreStart", "2 constructed", "2 PreStart");
        ExpectNothingElse();
    }

    /// <summary>Failures of its handler restart it; the given directive is for failures of its hooks.</summary>
    private IActorRef StartFragile(string where, Directive directive)
    {
        var instances = new Instances();
        _hooks = CreateTestProbe();
        var log = _hooks.Ref;
        var parent = StartWorker(strategy: new OneForOneStrategy(5, -1, cause => cause is TestFailure ? Directive.Restart : directive));
        return Watch(StartChild(parent, Props.Create(() => new Fragile(log, instances, where))));
    }

    private void ExpectHooks(params string[] hooks)
    {
        Assert.Equal(hooks, _hooks!.ReceiveN(hooks.Length));
        _hooks.Ref.Tell("no more", TestActor);
        _hooks.ExpectMsg("no more");
    }

    private sealed class Instances
    {
        private int _count;

        public int Next() => Interlocked.Increment(ref _count);
    }

    private sealed class Fragile : UntypedActor
    {
        private readonly IActorRef _log;
        private readonly int _number;
        private readonly string _where;

        public Fragile(IActorRef log, Instances instances, string where)
        {
            (_log, _number, _where) = (log, instances.Next(), where);
            Report("constructed", "constructor");
        }

        protected override void PreStart() => Report("PreStart", "PreStart");

        protected override void PostStop() => Report("PostStop", "PostStop");

        protected override void PreRestart(Exception reason, object message)
        {
            Report($"PreRestart of {message}", "PreRestart");
            base.PreRestart(reason, message);
        }

        protected override void PostRestart(Exception reason)
        {
            Report("PostRestart", "PostRestart");
            base.PostRestart(reason);
        }

        protected override void OnReceive(object message) => throw new TestFailure("in the handler");

        private void Report(string text, string place)
        {
            _log.Tell($"{_number} {text}", ActorRefs.NoSender);
            if (_where == $"{place} {_number}") throw new TestFailure($"in {place}");
        }
    }

    /// <summary>Notes what its PostStop can see.</summary>
    private sealed class Seeing : UntypedActor
    {
        private readonly List<string> _seen;
        private readonly IActorRef _self;

        public Seeing(List<string> seen)
        {
            (_seen, _self) = (seen, Self);
        }

        protected override void PostStop()
        {
            var who = Self.Equals(_self) ? "itself" : Self.Path.Name == "deadLetters" ? "dead letters" : "someone else";
            _seen.Add($"{who}, {Children()}");
        }

        protected override void OnReceive(object message)
        {
            if (message is Spawn spawn) Sender.Tell(Context.ActorOf(spawn.Props), Self);
            else throw new TestFailure("because");
        }

        // Akka's context is null then, ours throws.
        private static string Children()
        {
            try
            {
                return $"{Context.GetChildren().Count()} children";
            }
            catch (Exception error) when (error is NotSupportedException or NullReferenceException)
            {
                return "no context";
            }
        }
    }
}
