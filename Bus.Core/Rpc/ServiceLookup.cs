using System.Text.Json;
using Bus.Core.Client;
using Bus.Core.Services;

namespace Bus.Core.Rpc;

/// <summary>Finds services by asking them.</summary>
internal static class ServiceLookup
{
    // They have answered by then or are too busy to; whoever made the mistake should not wait long to hear of it.
    private static readonly SurveyOptions Quickly = new() { Timeout = TimeSpan.FromMilliseconds(500) };

    /// <summary>Why nobody responded to a call: asks who is there.</summary>
    /// <returns>Null: it cannot be told.</returns>
    public static async Task<BusException?> ExplainAsync(IBus bus, string service, string method, string? instance, CancellationToken cancellationToken)
    {
        try
        {
            var infos = await AskAsync(bus, $"{ServiceTopics.Info}.{service}{(instance is null ? "" : $".{instance}")}", cancellationToken);
            string[] methods = [.. infos.SelectMany(info => info.Endpoints).Select(endpoint => endpoint.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            // It has come, or come back, since.
            if (methods.Contains(method, StringComparer.Ordinal)) return null;
            if (infos.Count > 0) return new MethodNotFoundException(service, method, methods);
            var others = await AskAsync(bus, ServiceTopics.Info, cancellationToken);
            return new ServiceNotFoundException(instance is null ? service : $"{service} (instance {instance})", [.. others.Select(info => info.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
        }
        catch (BusException)
        {
            // It is a NATS server, or the connection broke.
            return new ServiceNotFoundException(service, []);
        }
    }

    private static async Task<IReadOnlyList<ServiceInfo>> AskAsync(IBus bus, string topic, CancellationToken cancellationToken)
    {
        var found = await bus.SurveyAsync<string, byte[]>(topic, "", Quickly, cancellationToken);
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
