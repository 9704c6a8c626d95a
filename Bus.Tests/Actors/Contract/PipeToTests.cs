namespace Bus.Tests.Actors.Contract;

public sealed class PipeToTests : ContractTest
{
    [Fact]
    public void The_result_of_a_task_becomes_a_message()
    {
        var source = new TaskCompletionSource<string>();
        _ = source.Task.PipeTo(TestActor);
        source.SetResult("done");
        ExpectMsg("done");
    }

    [Fact]
    public void The_sender_can_be_given()
    {
        var worker = StartWorker();
        _ = Task.FromResult("done").PipeTo(TestActor, worker);
        ExpectMsg("done");
        Assert.Equal(worker, LastSender);
    }

    [Fact]
    public void A_failed_task_becomes_a_failure_status()
    {
        _ = Task.FromException<string>(new TestFailure("broken")).PipeTo(TestActor);
        Assert.IsType<TestFailure>(ExpectMsg<Status.Failure>().Cause);
    }

    [Fact]
    public void A_cancelled_task_becomes_a_failure_status()
    {
        _ = Task.FromCanceled<string>(new CancellationToken(true)).PipeTo(TestActor);
        Assert.IsAssignableFrom<OperationCanceledException>(ExpectMsg<Status.Failure>().Cause);
    }

    [Fact]
    public void Success_and_failure_can_be_transformed()
    {
        _ = Task.FromResult(20).PipeTo(TestActor, success: n => $"got {n}");
        ExpectMsg("got 20");
        _ = Task.FromException<int>(new TestFailure("broken")).PipeTo(TestActor, failure: e => $"failed: {e.Message}");
        ExpectMsg("failed: broken");
    }

    [Fact]
    public void A_task_without_a_result_tells_only_what_success_makes()
    {
        _ = Task.CompletedTask.PipeTo(TestActor, success: () => "over");
        ExpectMsg("over");
        _ = Task.CompletedTask.PipeTo(TestActor);
        ExpectNothingElse();
    }

    [Fact]
    public void A_failed_task_without_a_result_becomes_a_failure_status()
    {
        _ = Task.FromException(new TestFailure("broken")).PipeTo(TestActor);
        Assert.IsType<TestFailure>(ExpectMsg<Status.Failure>().Cause);
    }

    [Fact]
    public async Task A_value_task_can_be_piped()
    {
        await new ValueTask<string>("done").PipeTo(TestActor);
        await ExpectMsgAsync("done");
    }

    [Fact]
    public void An_actor_pipes_to_itself_and_goes_on_meanwhile()
    {
        var worker = StartWorker();
        var source = new TaskCompletionSource<int>();
        worker.Tell(new Run(context => _ = source.Task.PipeTo(context.Self, context.Self)), TestActor);
        worker.Tell("meanwhile", TestActor);
        ExpectMsg("meanwhile");
        source.SetResult(7);
        AwaitAssert(() => Assert.Equal(7, Total(worker)));
    }
}
