using Bus.Core.Services;

namespace Bus.Core.Client;

/// <summary>No instance of a service is on the bus.</summary>
/// <param name="service">The service.</param>
/// <param name="available">Those that are.</param>
public sealed class ServiceNotFoundException(string service, IReadOnlyList<string> available)
    : BusException(ServiceFault.NoService(service, available).Text, service)
{
    /// <summary>The services that were on the bus. Empty when there are none, or when the server does not tell.</summary>
    public IReadOnlyList<string> Available { get; } = available;

    /// <inheritdoc />
    public override string? Error => BusErrors.ServiceNotFound;
}

/// <summary>A service has no such method.</summary>
/// <param name="service">The service.</param>
/// <param name="method">The method.</param>
/// <param name="available">Those that it has.</param>
public sealed class MethodNotFoundException(string service, string method, IReadOnlyList<string> available)
    : BusException(ServiceFault.NoMethod(service, method, available).Text, $"{service}.{method}")
{
    /// <summary>The methods that it had, over all of its instances.</summary>
    public IReadOnlyList<string> Available { get; } = available;

    /// <inheritdoc />
    public override string? Error => BusErrors.MethodNotFound;
}

/// <summary>The time that the outermost caller gave was used up, here or further on. What was under way was told to stop.</summary>
/// <param name="topic">Service and method.</param>
/// <param name="text">Where it was used up.</param>
public sealed class DeadlineExceededException(string topic, string text) : BusException($"The call of '{topic}' ran out of time: {text}", topic)
{
    /// <inheritdoc />
    public override string? Error => BusErrors.DeadlineExceeded;
}

/// <summary>Services have called one another deeper than one of them allows.</summary>
/// <param name="topic">Service and method.</param>
/// <param name="text">How deep, and through which services.</param>
public sealed class DepthExceededException(string topic, string text) : BusException($"The call of '{topic}' was refused: {text}", topic)
{
    /// <inheritdoc />
    public override string? Error => BusErrors.DepthExceeded;
}

/// <summary>A service was called again and again by what it had called itself.</summary>
/// <param name="topic">Service and method.</param>
/// <param name="text">How often, and through which services.</param>
public sealed class CallLoopException(string topic, string text) : BusException($"The call of '{topic}' was refused: {text}", topic)
{
    /// <inheritdoc />
    public override string? Error => BusErrors.CallLoop;
}
