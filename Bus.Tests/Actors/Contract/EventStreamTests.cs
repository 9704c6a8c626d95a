namespace Bus.Tests.Actors.Contract;

public sealed class EventStreamTests : ContractTest
{
    [Fact]
    public void A_subscriber_hears_its_type_and_derived_types()
    {
        var animals = Listen(typeof(Animal));
        var dogs = Listen(typeof(Dog));
        Sys.EventStream.Publish(new Cat());
        Sys.EventStream.Publish(new Dog());
        animals.ExpectMsg<Cat>();
        animals.ExpectMsg<Dog>();
        dogs.ExpectMsg<Dog>();
    }

    [Fact]
    public void Interfaces_and_object_can_be_subscribed_to()
    {
        var loud = Listen(typeof(ILoud));
        var everything = Listen(typeof(object));
        Sys.EventStream.Publish(new Cat());
        Sys.EventStream.Publish(new Dog());
        loud.ExpectMsg<Dog>();
        everything.FishForMessage<Cat>(_ => true);
        everything.FishForMessage<Dog>(_ => true);
    }

    [Fact]
    public void Nothing_is_heard_after_unsubscribing()
    {
        var probe = Listen(typeof(Dog), typeof(Cat));
        Sys.EventStream.Unsubscribe(probe.Ref, typeof(Dog));
        Sys.EventStream.Publish(new Dog());
        Sys.EventStream.Publish(new Cat());
        probe.ExpectMsg<Cat>();
        Sys.EventStream.Unsubscribe(probe.Ref);
        Sys.EventStream.Publish(new Cat());
        probe.Ref.Tell("fence", TestActor);
        probe.ExpectMsg("fence");
    }

    [Fact]
    public void A_subscription_to_a_base_type_covers_the_derived()
    {
        var probe = CreateTestProbe();
        Assert.True(Sys.EventStream.Subscribe(probe.Ref, typeof(Animal)));
        Assert.False(Sys.EventStream.Subscribe(probe.Ref, typeof(Animal)));
        Sys.EventStream.Publish(new Dog());
        probe.ExpectMsg<Dog>();
        probe.Ref.Tell("fence", TestActor);
        probe.ExpectMsg("fence");
    }

    [Fact]
    public void Events_of_one_publisher_come_in_order()
    {
        var probe = Listen(typeof(Numbered));
        foreach (var i in Enumerable.Range(0, 200)) Sys.EventStream.Publish(new Numbered(i));
        Assert.Equal(Enumerable.Range(0, 200), probe.ReceiveN(200).Cast<Numbered>().Select(n => n.Number));
    }

    [Fact]
    public void A_stopped_subscriber_does_not_disturb_the_others()
    {
        var dead = StartWorker();
        Sys.EventStream.Subscribe(dead, typeof(Dog));
        StopAndWait(dead);
        var probe = Listen(typeof(Dog));
        Sys.EventStream.Publish(new Dog());
        probe.ExpectMsg<Dog>();
    }

    [Fact]
    public void An_actor_logs_through_the_event_stream()
    {
        var actor = StartWorker();
        var source = actor.Path.ToString();
        EventFilter.Info("two is 2").ExpectOne(() => RunIn(actor, context => context.GetLogger().Info("two is {0}", 2)));
        EventFilter.Warning(contains: "careful").ExpectOne(() => RunIn(actor, context => context.GetLogger().Warning("be careful")));
        EventFilter.Exception<TestFailure>("cause").ExpectOne(() =>
            RunIn(actor, context => context.GetLogger().Error(new TestFailure("cause"), "it broke")));
        EventFilter.Error(start: "it broke").ExpectOne(() => RunIn(actor, context => context.GetLogger().Error("it broke again")));
        Assert.NotEmpty(source);
    }

    private interface ILoud;

    private abstract class Animal;

    private sealed class Cat : Animal;

    private sealed class Dog : Animal, ILoud;

    private sealed record Numbered(int Number);
}
