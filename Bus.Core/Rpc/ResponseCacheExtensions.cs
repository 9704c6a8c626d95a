using Bus.Core.Caching;
using Bus.Core.Client;
using Bus.Core.Endpoint;

namespace Bus.Core.Rpc;

/// <summary>The answers that a bus keeps for calls that may take the answer to an earlier one (<see cref="ServiceCallOptions.CacheFor"/>).</summary>
public static class ResponseCacheExtensions
{
    /// <summary>Forgets answers. Calls that are under way are answered, but nobody who calls from now on gets their answers.</summary>
    /// <param name="bus">The bus of the caller.</param>
    /// <param name="filters">Filters for the topics of methods: <c>users.get</c>, <c>users.*</c>. Default: all.</param>
    /// <returns>How many were forgotten.</returns>
    /// <exception cref="ArgumentException">It is not a bus of this library.</exception>
    public static int ClearCache(this IBus bus, TopicFilters? filters = null) => Required(bus).Cache.Clear(filters);

    /// <summary>What the calls of this bus have found, and what is kept.</summary>
    /// <param name="bus">The bus of the caller.</param>
    /// <exception cref="ArgumentException">It is not a bus of this library.</exception>
    public static ResponseCacheStatistics GetCacheStatistics(this IBus bus) => Required(bus).Cache.GetStatistics();

    internal static BusFacade Required(IBus bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        return bus as BusFacade ?? throw new ArgumentException($"A {bus.GetType()} keeps no answers: it has to be a bus of this library.", nameof(bus));
    }
}
