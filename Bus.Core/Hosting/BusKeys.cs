namespace Bus.Core.Hosting;

/// <summary>The key of the root of the bus, <c>/user/bus</c>: <c>IRequiredActor&lt;BusSupervisorKey&gt;</c>. Watch it to learn that the bus has stopped.</summary>
public abstract class BusSupervisorKey;

/// <summary>The key of the actor that owns the topics, <c>/user/bus/topics</c>. Registered when the bus has started.</summary>
public abstract class BusTopicsKey;
