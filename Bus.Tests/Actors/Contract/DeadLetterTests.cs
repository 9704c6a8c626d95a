namespace Bus.Tests.Actors.Contract;

public sealed class DeadLetterTests : ContractTest
{
    [Fact]
    public void A_message_to_a_stopped_actor_becomes_a_dead_letter()
    {
        var actor = StartWorker();
        StopAndWait(actor);
        var letters = Listen(typeof(DeadLetter));
        actor.Tell("too late", TestActor);
        var letter = letters.ExpectMsg<DeadLetter>();
        Assert.Equal(("too late", TestActor, actor), (letter.Message, letter.Sender, letter.Recipient));
    }

    [Fact]
    public void The_dead_letters_can_be_told_directly()
    {
        var letters = Listen(typeof(DeadLetter));
        Sys.DeadLetters.Tell("straight", TestActor);
        Assert.Equal("straight", letters.ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void A_suppressed_message_is_only_a_suppressed_dead_letter()
    {
        var actor = StartWorker();
        StopAndWait(actor);
        var letters = Listen(typeof(AllDeadLetters));
        actor.Tell(new Unimportant(), TestActor);
        actor.Tell("important", TestActor);
        Assert.IsType<Unimportant>(letters.ExpectMsg<SuppressedDeadLetter>().Message);
        Assert.Equal("important", letters.ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void A_poison_pill_for_a_dead_actor_is_no_dead_letter()
    {
        var actor = StartWorker();
        StopAndWait(actor);
        var letters = Listen(typeof(DeadLetter));
        actor.Tell(PoisonPill.Instance, TestActor);
        actor.Tell("fence", TestActor);
        Assert.Equal("fence", letters.ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void An_unhandled_message_is_published()
    {
        var unhandled = Listen(typeof(UnhandledMessage));
        var actor = StartWorker();
        actor.Tell(new NotForMe("x"), TestActor);
        var message = unhandled.ExpectMsg<UnhandledMessage>();
        Assert.Equal((new NotForMe("x"), TestActor, actor), (message.Message, message.Sender, message.Recipient));
    }

    [Fact]
    public async Task No_message_to_a_stopping_actor_disappears()
    {
        const int Count = 2000;
        var letters = Listen(typeof(DeadLetter));
        var actor = StartWorker();
        var sender = Task.Run(() =>
        {
            for (var i = 0; i < Count; i++) actor.Tell(i.ToString(), TestActor);
        });
        Sys.Stop(actor);
        await sender;
        StopAndWait(actor);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (HasMessages) seen.Add(await ExpectMsgAsync<string>());
        await AwaitAssertAsync(async () =>
        {
            while (letters.HasMessages) seen.Add((string)(await letters.ExpectMsgAsync<DeadLetter>()).Message);
            while (HasMessages) seen.Add(await ExpectMsgAsync<string>());
            Assert.Equal(Count, seen.Count);
        });
    }

    [Fact]
    public void The_event_filter_counts_dead_letters()
    {
        var actor = StartWorker();
        StopAndWait(actor);
        EventFilter.DeadLetter<string>().Expect(2, () =>
        {
            actor.Tell("one", TestActor);
            actor.Tell(2, TestActor);
            actor.Tell("three", TestActor);
        });
    }

    private sealed class Unimportant : IDeadLetterSuppression;
}
