namespace Bus.Tests.Actors.Contract;

public sealed class BecomeTests : ContractTest
{
    [Fact]
    public void Become_replaces_the_behaviour_from_the_next_message_on()
    {
        var actor = Sys.ActorOf(Moody.Props);
        Say(actor, "hello", "calm hello");
        Say(actor, "become", "calm until now");
        Say(actor, "hello", "angry hello");
    }

    [Fact]
    public void The_actors_own_behaviour_is_never_lost()
    {
        var actor = Sys.ActorOf(Moody.Props);
        Say(actor, "become", "calm until now");
        Say(actor, "unbecome", "angry unbecome");
        Say(actor, "unbecome", "calm unbecome");
        Say(actor, "hello", "calm hello");
    }

    [Fact]
    public void Stacked_behaviours_are_taken_off_one_by_one()
    {
        var actor = Sys.ActorOf(Moody.Props);
        Say(actor, "stack", "calm until now");
        Say(actor, "stack", "angry stack");
        Say(actor, "unbecome", "angry unbecome");
        Say(actor, "hello", "angry hello");
        Say(actor, "unbecome", "angry unbecome");
        Say(actor, "hello", "calm hello");
    }

    [Fact]
    public void A_restart_brings_back_the_first_behaviour()
    {
        var actor = Sys.ActorOf(Moody.Props);
        Say(actor, "become", "calm until now");
        actor.Tell(Crash.With("reset"), TestActor);
        Say(actor, "hello", "calm hello");
    }

    [Fact]
    public void The_context_can_change_the_behaviour_too()
    {
        var actor = StartWorker();
        var target = TestActor;
        actor.Tell(
            new Run(context => context.BecomeStacked(message =>
            {
                target.Tell($"through the context: {message}", ActorRefs.NoSender);
                context.UnbecomeStacked();
                return true;
            })),
            TestActor);
        actor.Tell("x", TestActor);
        ExpectMsg("through the context: x");
        actor.Tell("y", TestActor);
        ExpectMsg("y");
    }

    [Fact]
    public void A_receive_actor_configures_its_next_behaviour()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Toggle()));
        Say(actor, "state", "off");
        actor.Tell("switch", TestActor);
        Say(actor, "state", "on");
        actor.Tell("switch", TestActor);
        Say(actor, "state", "off");
    }

    private void Say(IActorRef actor, string message, string answer)
    {
        actor.Tell(message, TestActor);
        ExpectMsg(answer);
    }

    private sealed class Moody : UntypedActor
    {
        public static Props Props => Props.Create(() => new Moody());

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "become":
                    Become(Angry);
                    Sender.Tell("calm until now", Self);
                    break;
                case "stack":
                    BecomeStacked(Angry);
                    Sender.Tell("calm until now", Self);
                    break;
                case Crash crash:
                    throw crash.Reason;
                case "unbecome":
                    UnbecomeStacked();
                    goto default;
                default:
                    Sender.Tell($"calm {message}", Self);
                    break;
            }
        }

        private void Angry(object message)
        {
            if (message is Crash crash) throw crash.Reason;
            if (message is "stack") BecomeStacked(Angry);
            if (message is "unbecome") UnbecomeStacked();
            Sender.Tell($"angry {message}", Self);
        }
    }

    private sealed class Toggle : ReceiveActor
    {
        public Toggle()
        {
            Off();
        }

        private void Off()
        {
            Receive<string>(text => text == "switch", _ => Become(On));
            Receive<string>(_ => Sender.Tell("off", Self));
        }

        private void On()
        {
            Receive<string>(text => text == "switch", _ => Become(Off));
            Receive<string>(_ => Sender.Tell("on", Self));
        }
    }
}
