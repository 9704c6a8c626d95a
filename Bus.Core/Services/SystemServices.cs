using Bus.Core.State;

namespace Bus.Core.Services;

/// <summary>The services of the bus itself: started before anybody can ask them, stopped behind the last who left and before the topics. Owned by the bus supervisor.</summary>
internal sealed class SystemServices
{
    private readonly HashSet<IActorRef> _running = [];

    public bool HaveStopped => _running.Count == 0;

    public void Start(IActorContext bus, IActorRef topics, BusEnvironment environment)
    {
        var presence = Add(bus, Props.Create(() => new PresenceActor(environment)), PresenceActor.Name);
        environment.Roster.Listen(presence);
        SystemSubscriber.Subscribe(topics, presence, SystemTopics.Clients, SystemTopics.ClientOf("*"));
        SystemSubscriber.Subscribe(topics, Add(bus, Props.Create(() => new InboxActor(environment)), InboxActor.Name), SystemTopics.Send + ">", SystemTopics.Deliver + ">");
        SystemSubscriber.Subscribe(topics, Add(bus, Props.Create(() => new RetainedService(environment)), RetainedService.Name), SystemTopics.Retained, SystemTopics.Retained + ".>");
        SystemSubscriber.Subscribe(topics, Add(bus, Props.Create(() => new PingService(environment)), PingService.Name), SystemTopics.Ping);
        var registry = Add(bus, Props.Create(() => new ServiceRegistry(environment)), ServiceRegistry.Name);
        environment.Services.Listen(registry);
        SystemSubscriber.Subscribe(topics, registry, SystemTopics.Services, ServiceRegistry.InboxOf(environment));
        SystemSubscriber.Subscribe(topics, Add(bus, Props.Create(() => new CallService(environment)), CallService.Name), SystemTopics.Call + ">", CallService.InboxOf(environment) + "*");
        SystemSubscriber.Subscribe(topics, Add(bus, Props.Create(() => new StatisticsService(environment)), StatisticsService.Name), SystemTopics.Statistics);
        SystemSubscriber.Subscribe(topics, Add(bus, Props.Create(() => new TopicService(environment, topics)), TopicService.Name), SystemTopics.Topics);
    }

    /// <summary>Tells them to finish what they have been told, and stop.</summary>
    public void Stop(IActorContext bus)
    {
        foreach (var service in _running)
        {
            bus.Watch(service);
            service.Tell(PoisonPill.Instance, bus.Self);
        }
    }

    /// <returns>Whether the actor was one of them.</returns>
    public bool Ended(IActorRef actor) => _running.Remove(actor);

    private IActorRef Add(IActorContext bus, Props props, string name)
    {
        var service = bus.ActorOf(props, name);
        _running.Add(service);
        return service;
    }
}
