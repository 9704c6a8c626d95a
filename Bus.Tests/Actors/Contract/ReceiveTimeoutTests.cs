namespace Bus.Tests.Actors.Contract;

public sealed class ReceiveTimeoutTests() : ContractTest(virtualTime: true)
{
    [Fact]
    public void An_idle_actor_is_told()
    {
        var actor = StartIdle();
        Time.Advance(Second);
        ExpectMsg<ReceiveTimeout>();
        Assert.Equal(actor, LastSender);
    }

    [Fact]
    public void A_message_starts_the_time_anew()
    {
        var actor = StartIdle();
        Time.Advance(Second * 0.75);
        actor.Tell("hello", TestActor);
        ExpectMsg("hello");
        Fence(actor);
        Time.Advance(Second * 0.75);
        Settle(actor);
        Time.Advance(Second * 0.25);
        ExpectMsg<ReceiveTimeout>();
    }

    [Fact]
    public void It_comes_again_and_again()
    {
        var actor = StartIdle();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Time.Advance(Second);
            ExpectMsg<ReceiveTimeout>();
            Fence(actor);
        }
    }

    [Fact]
    public void It_can_be_switched_off()
    {
        var actor = StartIdle();
        RunIn(actor, context => context.SetReceiveTimeout(null));
        Time.Advance(10 * Second);
        Settle(actor);
    }

    [Fact]
    public void A_message_without_influence_does_not_start_the_time_anew()
    {
        var actor = StartIdle();
        Time.Advance(Second * 0.75);
        Fence(actor);
        Time.Advance(Second * 0.25);
        ExpectMsg<ReceiveTimeout>();
    }

    [Fact]
    public void The_context_knows_it()
    {
        var actor = StartIdle();
        TimeSpan? seen = null;
        RunIn(actor, context => seen = context.ReceiveTimeout);
        Assert.Equal(Second, seen);
    }

    [Fact]
    public void A_stop_ends_it()
    {
        var letters = Listen(typeof(AllDeadLetters));
        var actor = StartIdle();
        StopAndWait(actor);
        Time.Advance(10 * Second);
        letters.Ref.Tell("fence", TestActor);
        letters.ExpectMsg("fence");
    }

    private IActorRef StartIdle()
    {
        var actor = StartWorker();
        RunIn(actor, context => context.SetReceiveTimeout(Second));
        return actor;
    }

    private void Settle(IActorRef actor)
    {
        Fence(actor);
        ExpectNothingElse();
    }
}
