using Bus.Tests.Actors.Properties;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Actors.Simulation;

/// <summary>The trees of <see cref="TreeProperties"/> in schedules that are drawn from a seed.</summary>
public sealed class TreeScheduleTests
{
    [Fact]
    public void A_tree_under_random_faults_adds_up() =>
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
            run.Execute(command, plan.Root.Count, simulated.System);
            simulated.RunABit();
        }

        simulated.System.Stop(root);
        simulated.RunUntilIdle();
        run.AssertAddsUp();
    }
}
