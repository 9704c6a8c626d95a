using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Actors.Properties;

/// <summary>
/// Supervision trees under random faults: whatever fails and stops, every message is handled, fails or becomes a dead letter, exactly one of them
/// and once; every end is told once; every instance that was made gets its PostStop; nothing is left behind.
/// </summary>
public sealed class TreeProperties : ActorTestKit
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_tree_under_random_faults_adds_up() => Prop.ForAll(TreePlan.Any, Holds).QuickCheckThrowOnFailure();

    private void Holds(TreePlan plan)
    {
        var run = new TreeRun();
        var observer = Sys.ActorOf(Props.Create(() => new TreeObserver(run)));
        Sys.EventStream.Subscribe(observer, typeof(DeadLetter));
        var root = Sys.ActorOf(TreeActor.For(plan.Root, 0, run, observer));
        AwaitCondition(() => run.Current.Count == plan.Root.Count);

        foreach (var command in plan.Commands) run.Execute(command, plan.Root.Count, Sys);

        Assert.True(root.GracefulStop(Guard).Wait(Guard));
        Fence(observer);
        AwaitCondition(() => run.Fates.Count == run.Sent && run.Ends.Values.All(n => n > 0), Guard);
        Fence(observer);
        run.AssertAddsUp();
        Assert.True(observer.GracefulStop(Guard).Wait(Guard));
    }

    private static void Fence(IActorRef observer)
    {
        var fence = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        observer.Tell(fence, ActorRefs.NoSender);
        Assert.True(fence.Task.Wait(Guard));
    }
}
