namespace Bus.Transport.Hosting;

/// <summary>
/// The key of the actor that accepts connections and supervises them, <c>/user/bus/connections</c>: <c>IRequiredActor&lt;BusConnectionsKey&gt;</c>. Registered
/// when the bus listens. If it listens several times, it is that of the first.
/// </summary>
public abstract class BusConnectionsKey;
