using Bus.Tests.Actors.Simulation;
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

    [Fact]
    public void A_tree_under_random_faults_adds_up_in_any_schedule() =>
        Prop.ForAll(TreePlan.Any, Gen.Choose(0, int.MaxValue).ToArbitrary(), (plan, seed) => Schedules.Replay(seed, simulated => HoldsIn(simulated, plan)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static void HoldsIn(SimulatedSystem simulated, TreePlan plan)
    {
        var run = new TreeRun();
        var observer = simulated.System.ActorOf(Props.Create(() => new TreeObserver(run)));
        simulated.System.EventStream.Subscribe(observer, typeof(DeadLetter));
        var root = simulated.System.ActorOf(TreeActor.For(plan.Root, 0, run, observer));
        simulated.RunUntilIdle();
        foreach (var command in plan.Commands)
        {
            Execute(command, plan.Root.Count, run, simulated.System);
            simulated.RunABit();
        }

        simulated.System.Stop(root);
        simulated.RunUntilIdle();
        AssertAddsUp(run);
    }

    private void Holds(TreePlan plan)
    {
        var run = new TreeRun();
        var observer = Sys.ActorOf(Props.Create(() => new TreeObserver(run)));
        Sys.EventStream.Subscribe(observer, typeof(DeadLetter));
        var root = Sys.ActorOf(TreeActor.For(plan.Root, 0, run, observer));
        AwaitCondition(() => run.Current.Count == plan.Root.Count);

        foreach (var command in plan.Commands) Execute(command, plan.Root.Count, run, Sys);

        Assert.True(root.GracefulStop(Guard).Wait(Guard));
        Fence(observer);
        AwaitCondition(() => run.Fates.Count == run.Sent && run.Ends.Values.All(n => n > 0), Guard);
        Fence(observer);
        AssertAddsUp(run);
        Assert.True(observer.GracefulStop(Guard).Wait(Guard));
    }

    private static void AssertAddsUp(TreeRun run)
    {
        Assert.Empty(run.Faults);
        Assert.Equal(run.Sent, run.Fates.Count);
        Assert.All(run.Ends, end => Assert.Equal(1, end.Value));
        Assert.Equal(run.Constructed, run.PostStops);
    }

    private static void Execute(TreeCommand command, int nodes, TreeRun run, ActorSystem system)
    {
        var actor = run.Current[command.Node % nodes];
        switch (command.Kind)
        {
            case TreeCommandKind.Poison:
                actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
                break;
            case TreeCommandKind.StopFromOutside:
                system.Stop(actor);
                break;
            default:
                actor.Tell(new Ticket(run.NextTicket(), command.Kind), ActorRefs.NoSender);
                break;
        }
    }

    private static void Fence(IActorRef observer)
    {
        var fence = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        observer.Tell(fence, ActorRefs.NoSender);
        Assert.True(fence.Task.Wait(Guard));
    }
}
