namespace Bus.Tests.Actors.Simulation;

public sealed class SupervisionTests
{
    [Fact]
    public void A_tree_under_random_faults_comes_to_rest_with_every_actor_either_stopped_or_alive() => Schedules.Explore(5_000, simulated =>
    {
        var world = new FaultyWorld(simulated.Random);
        var notices = new Dictionary<IActorRef, int>();
        for (var i = 0; i < 3; i++) world.Nodes.Add(simulated.System.ActorOf(Props.Create(() => new FaultyNode(world))));
        for (var step = 0; step < 40; step++)
        {
            var node = world.Nodes[simulated.Random.Next(world.Nodes.Count)];
            switch (simulated.Random.Next(8))
            {
                case 0 or 1 or 2:
                    node.Tell(new Spawn(), ActorRefs.NoSender);
                    break;
                case 3 or 4:
                    node.Tell(new Fail([world.AnyDirective(), world.AnyDirective(), world.AnyDirective()]), ActorRefs.NoSender);
                    break;
                case 5:
                    simulated.System.Stop(node);
                    break;
                case 6:
                    node.Tell(simulated.Random.Next(2) == 0 ? PoisonPill.Instance : Kill.Instance, ActorRefs.NoSender);
                    break;
                default:
                    if (notices.TryAdd(node, 0)) simulated.System.ActorOf(Props.Create(() => new Watcher(node, notices)));
                    break;
            }

            simulated.RunABit();
        }

        simulated.RunUntilIdle();
        foreach (var node in world.Nodes) node.Tell(new Ping(), ActorRefs.NoSender);
        simulated.RunUntilIdle();
        foreach (var node in world.Nodes)
        {
            var terminated = ((IInternalActorRef)node).IsTerminated;
            Assert.True(terminated != world.Answered.Contains(node), $"{node} is {(terminated ? "stopped" : "alive")} but {(terminated ? "answered" : "did not answer")}.");
            if (notices.TryGetValue(node, out var count)) Assert.Equal(terminated ? 1 : 0, count);
        }

        simulated.Shutdown();
        Assert.Equal(world.Started, world.Stopped);
        Assert.All(notices.Values, count => Assert.True(count <= 1));
    });

    private sealed class Watcher : UntypedActor
    {
        private readonly Dictionary<IActorRef, int> _notices;

        public Watcher(IActorRef subject, Dictionary<IActorRef, int> notices)
        {
            _notices = notices;
            Context.Watch(subject);
        }

        protected override void OnReceive(object message) => _notices[((Terminated)message).ActorRef]++;
    }
}
