namespace Bus.Tests.Actors.Contract;

public sealed class TellTests : ContractTest
{
    [Fact]
    public void Messages_of_one_sender_arrive_in_the_order_sent()
    {
        var worker = StartWorker();
        var sent = Enumerable.Range(0, 1000).Select(i => (object)$"m{i}").ToList();
        foreach (var message in sent) worker.Tell(message, TestActor);
        Assert.Equal(sent, ReceiveN(1000));
    }

    [Fact]
    public void The_receiver_sees_who_sent()
    {
        var probe = CreateTestProbe();
        var worker = StartWorker();
        IActorRef? seen = null;
        worker.Tell(new Run(context => seen = context.Sender), probe.Ref);
        Fence(worker);
        Assert.Equal(probe.Ref, seen);
    }

    [Fact]
    public void A_message_without_a_sender_comes_from_dead_letters()
    {
        var worker = StartWorker();
        IActorRef? seen = null;
        worker.Tell(new Run(context => seen = context.Sender), ActorRefs.NoSender);
        Fence(worker);
        Assert.Equal(Sys.DeadLetters, seen);
    }

    [Fact]
    public void Inside_an_actor_the_one_argument_tell_sends_as_that_actor()
    {
        var worker = StartWorker();
        var target = TestActor;
        RunIn(worker, _ => target.Tell("hello"));
        ExpectMsg("hello");
        Assert.Equal(worker, LastSender);
    }

    [Fact]
    public void In_a_test_the_one_argument_tell_sends_as_the_test_actor()
    {
        IActorRef? seen = null;
        var worker = StartWorker();
        worker.Tell(new Run(context => seen = context.Sender));
        Fence(worker);
        Assert.Equal(TestActor, seen);
    }

    [Fact]
    public void Forward_keeps_the_first_sender()
    {
        var probe = CreateTestProbe();
        var target = TestActor;
        var worker = StartWorker();
        worker.Tell(new Run(_ => target.Forward("forwarded")), probe.Ref);
        ExpectMsg("forwarded");
        Assert.Equal(probe.Ref, LastSender);
    }

    [Fact]
    public void An_actor_can_tell_itself_and_that_comes_after_what_is_queued()
    {
        var worker = StartWorker();
        worker.Tell(new Run(context => context.Self.Tell("to myself", context.Self)), TestActor);
        ExpectMsg("to myself");
        Assert.Equal(worker, LastSender);
    }

    [Fact]
    public void One_message_is_handled_at_a_time()
    {
        var worker = StartWorker();
        int inside = 0, overlaps = 0;
        var step = new Run(_ =>
        {
            if (Interlocked.Increment(ref inside) != 1) Interlocked.Increment(ref overlaps);
            Thread.SpinWait(200);
            Interlocked.Decrement(ref inside);
        });
        Parallel.For(0, 1000, _ => worker.Tell(step, ActorRefs.NoSender));
        Fence(worker);
        Assert.Equal(0, overlaps);
    }

    [Fact]
    public void State_written_in_one_turn_is_seen_in_the_next()
    {
        var worker = StartWorker();
        Parallel.For(0, 1000, _ => worker.Tell(1, ActorRefs.NoSender));
        Assert.Equal(1000, Total(worker));
    }

    [Fact]
    public void Nobody_swallows_what_it_is_told()
    {
        ActorRefs.Nobody.Tell("anyone there?", TestActor);
        Assert.True(ActorRefs.Nobody.IsNobody());
        Assert.False(TestActor.IsNobody());
    }
}
