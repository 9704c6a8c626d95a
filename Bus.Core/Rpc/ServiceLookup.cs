using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Bus.Core.Client;
using Bus.Core.Services;

namespace Bus.Core.Rpc;

/// <summary>Finds services by asking them.</summary>
internal static class ServiceLookup
{
    // They have answered by then or are too busy to; whoever made the mistake should not wait long to hear of it.
    private static readonly SurveyOptions Quickly = new() { Timeout = TimeSpan.FromMilliseconds(500) };

    // Topics of methods that are not where ours would be, as long as they answer there.
    private static readonly ConditionalWeakTable<IBus, ConcurrentDictionary<string, string>> Elsewhere = [];

    /// <summary>Where a method was found that does not have the topic that ours would have. Null: as far as is known, it has.</summary>
    public static string? Known(IBus bus, string topic) => Elsewhere.TryGetValue(bus, out var topics) && topics.TryGetValue(topic, out var known) ? known : null;

    /// <summary>Nobody responds there any more.</summary>
    public static void Forget(IBus bus, string topic)
    {
        if (Elsewhere.TryGetValue(bus, out var topics)) topics.TryRemove(topic, out _);
    }

    /// <summary>Why nobody responded to a call: asks who is there. A service that is written with another library may have its methods on any topic.</summary>
    /// <returns>The topic on which the method is, or why it is nowhere. Neither: it cannot be told.</returns>
    public static async Task<(string? Topic, BusException? Error)> FindAsync(IBus bus, string service, string method, string? instance, CancellationToken cancellationToken)
    {
        try
        {
            var endpoints = await EndpointsAsync(bus, service, instance, cancellationToken);
            if (endpoints.FirstOrDefault(endpoint => endpoint.Name == method) is not { } found) return (null, new MethodNotFoundException(service, method, ServiceNames.Sorted(endpoints.Select(endpoint => endpoint.Name))));
            // Alone it cannot be reached there: all instances share the topic. And a filter can be subscribed to, but not asked.
            if (instance is not null || !Topic.IsValidLiteral(Encoding.UTF8.GetBytes(found.Subject))) return default;
            // Where ours would be: it has come in between.
            var usual = ServiceTopics.MethodOf(service, method);
            if (found.Subject != usual) Elsewhere.GetOrCreateValue(bus)[usual] = found.Subject;
            return (found.Subject, null);
        }
        catch (ServiceNotFoundException e)
        {
            return (null, e);
        }
        catch (BusRefusedException)
        {
            // It is a NATS server, which takes no surveys.
            return (null, new ServiceNotFoundException(service, []));
        }
        catch (BusException)
        {
            // The connection broke, or who is there has not answered in time.
            return default;
        }
    }

    /// <summary>What the instances of a service, or one of them, announce.</summary>
    /// <exception cref="ServiceNotFoundException">There is none.</exception>
    /// <exception cref="RequestTimeoutException">There is one, which does not answer.</exception>
    public static async Task<IReadOnlyList<EndpointInfo>> EndpointsAsync(IBus bus, string service, string? instance, CancellationToken cancellationToken)
    {
        var infos = await AskAsync(bus, $"{ServiceTopics.Info}.{service}{(instance is null ? "" : $".{instance}")}", cancellationToken);
        if (infos.Count > 0) return [.. infos.SelectMany(info => info.Endpoints ?? [])];
        var others = await AskAsync(bus, ServiceTopics.Info, cancellationToken);
        throw new ServiceNotFoundException(instance is null ? service : $"{service} (instance {instance})", ServiceNames.Sorted(others.Select(info => info.Name)));
    }

    private static async Task<IReadOnlyList<ServiceInfo>> AskAsync(IBus bus, string topic, CancellationToken cancellationToken)
    {
        var found = await bus.SurveyAsync<string, byte[]>(topic, "", Quickly, cancellationToken);
        if (found.Answers.Count == 0 && found.Missing > 0) throw new RequestTimeoutException(topic, Quickly.Timeout);
        return [.. found.Answers.Where(answer => answer.Error is null).Select(answer => Read(answer.Data)).OfType<ServiceInfo>()];
    }

    private static ServiceInfo? Read(byte[] payload)
    {
        try
        {
            return JsonSerializer.Deserialize(payload, ServiceJson.Default.ServiceInfo);
        }
        catch (JsonException)
        {
            // Whatever it is, it is no service.
            return null;
        }
    }
}
