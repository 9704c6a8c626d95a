namespace Bus.Tests.Actors.Runtime;

/// <summary>On Akka an asynchronous handler whose actor has stopped never goes on; here it does, so that its finally blocks run.</summary>
public sealed class AsyncEndTests : ActorTestKit
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_handler_whose_actor_stops_meanwhile_still_runs_to_its_end()
    {
        var (entered, gate, left) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var actor = Sys.ActorOf(Props.Create(() => new Waiter(entered, gate, left)));
        actor.Tell("work", TestActor);
        await entered.Task.WaitAsync(Guard);
        Sys.Stop(actor);
        Assert.True(await actor.GracefulStop(Guard));
        gate.SetResult();
        await left.Task.WaitAsync(Guard);
    }

    private sealed class Waiter : ReceiveActor
    {
        public Waiter(TaskCompletionSource entered, TaskCompletionSource gate, TaskCompletionSource left) => ReceiveAsync<string>(async _ =>
        {
            entered.SetResult();
            try
            {
                await gate.Task;
            }
            finally
            {
                left.SetResult();
            }
        });
    }
}
