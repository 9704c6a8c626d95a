using Bus.Core.Messages;
using Bus.Core.Presence;

namespace Bus.Core.Services;

/// <summary>Why a call reaches nobody.</summary>
/// <param name="Error">The name of the error.</param>
/// <param name="Text">For a person to read.</param>
/// <param name="Available">What there is instead: services or methods, each once and in order.</param>
internal sealed record ServiceFault(string Error, string Text, IReadOnlyList<string> Available)
{
    private const int MaxNamed = 20;

    /// <summary>There is no such service.</summary>
    public static ServiceFault NoService(string service, IReadOnlyList<string> available) =>
        new(ErrorHeaders.ServiceNotFound, $"No service '{service}' is on the bus: start it, or check the name. {Listed("services", available)}", available);

    /// <summary>The service has no such method.</summary>
    public static ServiceFault NoMethod(string service, string method, IReadOnlyList<string> available) =>
        new(ErrorHeaders.MethodNotFound, $"The service '{service}' has no method '{method}'. {Listed("methods", available)}", available);

    /// <summary>Looks for a method among the services that there are.</summary>
    /// <param name="known">Those that there are.</param>
    /// <param name="service">The service.</param>
    /// <param name="instance">The instance that is called. Null: any.</param>
    /// <param name="method">The method.</param>
    /// <returns>The method, or why it is nowhere. Neither: who is there has not said yet what it has.</returns>
    public static (ServiceEndpoint? Found, ServiceFault? Fault) Find(IReadOnlyList<ServiceInstance> known, string service, string? instance, string method)
    {
        var instances = known.Where(candidate => candidate.Name == service && (instance is null || candidate.Id == instance)).ToList();
        if (instances.Count == 0) return (null, NoService(instance is null ? service : $"{service} (instance {instance})", Sorted(known.Select(candidate => candidate.Name))));
        var endpoints = instances.SelectMany(candidate => candidate.Endpoints).ToList();
        if (endpoints.Count == 0 && instances.TrueForAll(candidate => candidate.LastHeard is null)) return default;
        return endpoints.Find(endpoint => endpoint.Name == method) is { } found ? (found, null) : (null, NoMethod(service, method, Sorted(endpoints.Select(endpoint => endpoint.Name))));
    }

    /// <summary>Each name once, in order.</summary>
    public static string[] Sorted(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static string Listed(string what, IReadOnlyList<string> names) => names.Count switch
    {
        0 => $"There are no {what}, or none that are known.",
        <= MaxNamed => $"There are: {string.Join(", ", names)}.",
        _ => $"There are {names.Count}, among them: {string.Join(", ", names.Take(MaxNamed))}.",
    };
}
