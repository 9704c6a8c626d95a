namespace Bus.Tests.Actors.Contract;

/// <summary>
/// Null is no message. (On Akka an actor that has not started yet takes it, and its system dies of that; so the tests tell it to one that runs.)
/// </summary>
public sealed class NullTests : ContractTest
{
    [Fact]
    public void Telling_null_to_an_actor_throws_in_the_sender()
    {
        var actor = StartWorker();
        Fence(actor);
        Assert.Throws<ArgumentNullException>(() => actor.Tell(null!, TestActor));
        Fence(actor);
        ExpectNothingElse();
    }

    [Fact]
    public void Telling_null_to_a_stopped_actor_throws_too()
    {
        var actor = StartWorker();
        StopAndWait(actor);
        Assert.Throws<ArgumentNullException>(() => actor.Tell(null!, TestActor));
    }

    [Fact]
    public void The_dead_letters_refuse_null_and_nobody_does_not_mind()
    {
        Assert.Throws<InvalidMessageException>(() => Sys.DeadLetters.Tell(null!, TestActor));
        ActorRefs.Nobody.Tell(null!, TestActor);
    }

    [Fact]
    public void A_task_without_a_result_is_piped_as_a_failure()
    {
        _ = Task.FromResult<string?>(null).PipeTo(TestActor);
        Assert.IsType<ArgumentNullException>(ExpectMsg<Status.Failure>().Cause);
    }

    [Fact]
    public async Task Asking_null_fails()
    {
        var actor = StartWorker();
        Fence(actor);
        await Assert.ThrowsAsync<ArgumentNullException>(() => actor.Ask(null!, Guard, CancellationToken.None));
    }

    [Fact]
    public async Task An_answer_of_null_is_the_default_value()
    {
        var actor = StartWorker();
        var nothing = new Run(context => context.Sender.Tell(null!, context.Self));
        Assert.Null(await actor.Ask(nothing, Guard, CancellationToken.None));
        Assert.Null(await actor.Ask<string>(nothing, Guard, CancellationToken.None));
        Assert.Equal(0, await actor.Ask<int>(nothing, Guard, CancellationToken.None));
    }
}
