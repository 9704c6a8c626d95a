namespace Bus.Tests.Actors.Contract;

public sealed class NameTests : ContractTest
{
    [Fact]
    public void A_path_names_the_system_and_all_parents()
    {
        var parent = StartWorker("parent");
        var child = StartChildWorker(parent, "child");
        Assert.Equal($"akka://{Sys.Name}/user/parent/child", child.Path.ToString());
        Assert.Equal("child", child.Path.Name);
        Assert.Equal(parent.Path, child.Path.Parent);
        Assert.Equal(["user", "parent", "child"], child.Path.Elements);
        Assert.Equal("/user/parent/child", child.Path.ToStringWithoutAddress());
    }

    [Fact]
    public void Names_left_out_are_made_up_and_unique()
    {
        var names = Enumerable.Range(0, 100).Select(_ => StartWorker().Path.Name).ToList();
        Assert.All(names, name => Assert.StartsWith("$", name, StringComparison.Ordinal));
        Assert.Equal(100, names.Distinct().Count());
    }

    [Fact]
    public void A_name_is_used_once_among_siblings()
    {
        StartWorker("only");
        var error = Assert.Throws<InvalidActorNameException>(() => StartWorker("only"));
        Assert.Contains("only", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Different_parents_can_use_the_same_name()
    {
        var left = StartChildWorker(StartWorker("left"), "same");
        var right = StartChildWorker(StartWorker("right"), "same");
        Assert.NotEqual(left, right);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$mine")]
    [InlineData("a/b")]
    [InlineData("a>b")]
    [InlineData("a b")]
    [InlineData("a#b")]
    [InlineData("ä")]
    public void Illegal_names_are_refused(string name)
    {
        Assert.Throws<InvalidActorNameException>(() => StartWorker(name));
    }

    [Theory]
    [InlineData("t-1")]
    [InlineData("a.b_c*d+e:f@g&h=i,j!k~l';()")]
    [InlineData("a$b")]
    public void Legal_names_are_taken_as_they_are(string name)
    {
        Assert.Equal(name, StartWorker(name).Path.Name);
        Assert.True(ActorPath.IsValidPathElement(name));
    }

    [Fact]
    public void A_name_is_free_again_when_the_parent_hears_of_the_end()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Renewer(TestActor)));
        parent.Tell("renew", TestActor);
        var first = ExpectMsg<IActorRef>();
        var second = ExpectMsg<IActorRef>();
        Assert.Equal(first.Path.ToString(), second.Path.ToString());
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void While_a_child_is_stopping_its_name_is_taken()
    {
        var parent = StartWorker();
        var child = StartChildWorker(parent, "child");
        Exception? error = null;
        RunIn(parent, context =>
        {
            context.Stop(child);
            error = Record.Exception(() => context.ActorOf(Worker.With(TestActor), "child"));
        });
        Assert.IsType<InvalidActorNameException>(error);
    }

    [Fact]
    public void Children_are_found_by_name_and_listed()
    {
        var parent = StartWorker();
        var (a, b) = (StartChildWorker(parent, "a"), StartChildWorker(parent, "b"));
        RunIn(parent, context =>
        {
            Assert.Equal(a, context.Child("a"));
            Assert.Equal(new[] { a, b }.Order(), context.GetChildren().Order());
            Assert.True(context.Child("c").IsNobody());
        });
        Assert.True(Sys.DeadLetters.Path.ToString().Length > 0);
    }

    [Fact]
    public void A_child_knows_its_parent_and_system()
    {
        var parent = StartWorker();
        var child = StartChildWorker(parent);
        IActorRef? seen = null;
        ActorSystem? system = null;
        RunIn(child, context => (seen, system) = (context.Parent, context.System));
        Assert.Equal(parent, seen);
        Assert.Same(Sys, system);
    }

    [Fact]
    public void A_ref_of_a_former_life_does_not_reach_the_next_one()
    {
        var parent = Sys.ActorOf(Props.Create(() => new Renewer(TestActor)));
        parent.Tell("renew", TestActor);
        var first = ExpectMsg<IActorRef>();
        var second = ExpectMsg<IActorRef>();
        var letters = Listen(typeof(DeadLetter));
        first.Tell("for the first", TestActor);
        Assert.Equal("for the first", letters.ExpectMsg<DeadLetter>().Message);
        second.Tell("for the second", TestActor);
        ExpectMsg("for the second");
    }

    /// <summary>Starts a child, stops it, and starts one with the same name when it has ended.</summary>
    private sealed class Renewer : UntypedActor
    {
        private readonly IActorRef _log;

        public Renewer(IActorRef log)
        {
            _log = log;
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "renew":
                    Context.Stop(Context.Watch(Start()));
                    break;
                case Terminated:
                    Start();
                    break;
            }
        }

        private IActorRef Start()
        {
            var child = Context.ActorOf(Worker.With(_log), "child");
            _log.Tell(child, Self);
            return child;
        }
    }
}
