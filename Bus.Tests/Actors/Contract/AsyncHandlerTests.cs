namespace Bus.Tests.Actors.Contract;

/// <summary>What happens to an asynchronous handler when its actor fails, restarts or stops in the middle.</summary>
public sealed class AsyncHandlerTests : ContractTest
{
    [Fact]
    public async Task A_handler_that_fails_after_a_wait_restarts_its_actor_and_the_next_message_is_handled()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Waiter()));
        var work = new Work();
        actor.Tell(work);
        var next = actor.Ask<int>("count", Guard);
        work.Gate.SetException(new InvalidOperationException("failed after the wait"));
        Assert.Equal(0, await next);
        Assert.Equal("finally", await work.Left.Task.WaitAsync(Guard));
    }

    [Fact]
    public async Task A_cancelled_handler_is_a_failure()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Waiter()));
        var work = new Work();
        actor.Tell(work);
        var next = actor.Ask<int>("count", Guard);
        work.Gate.SetCanceled();
        Assert.Equal(0, await next);
    }

    [Fact]
    public async Task Several_waits_in_one_handler_stay_in_its_turn()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Waiter()));
        var works = Enumerable.Range(0, 50).Select(_ => new Work()).ToList();
        foreach (var work in works) actor.Tell(work);
        foreach (var work in Enumerable.Reverse(works)) work.Gate.SetResult();
        Assert.Equal(50, await actor.Ask<int>("count", Guard));
        Assert.All(works, work => Assert.Equal(1, work.Inside));
    }

    private sealed class Work
    {
        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Gate { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<string> Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Inside { get; set; }
    }

    private sealed class Waiter : ReceiveActor
    {
        private int _count;
        private int _inside;

        public Waiter()
        {
            ReceiveAsync<Work>(async work =>
            {
                work.Inside = ++_inside;
                work.Entered.TrySetResult();
                try
                {
                    await work.Gate.Task;
                    await Task.Yield();
                    if (Context.Self is null) throw new InvalidOperationException("no context");
                    _count++;
                }
                finally
                {
                    _inside--;
                    work.Left.TrySetResult("finally");
                }
            });
            Receive<string>(_ => Sender.Tell(_count));
        }
    }
}
