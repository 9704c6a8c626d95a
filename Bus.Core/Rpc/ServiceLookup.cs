using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Endpoint;
using Bus.Core.Services;

namespace Bus.Core.Rpc;

/// <summary>Finds services by asking them.</summary>
internal static class ServiceLookup
{
    // Most have answered by then, and whoever made the mistake should not wait long to hear of it.
    private static readonly TimeSpan Quickly = TimeSpan.FromMilliseconds(500);

    // Who has not said a word by then will not.
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(5);

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
    /// <param name="bus">The bus.</param>
    /// <param name="service">The service.</param>
    /// <param name="method">The method.</param>
    /// <param name="instance">The instance that was called. Null: any.</param>
    /// <param name="limit">What the call has left of its time.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>The topic on which the method is, or why it is nowhere. Neither: it cannot be told.</returns>
    public static async Task<(string? Topic, BusException? Error)> FindAsync(IBus bus, string service, string method, string? instance, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            var endpoints = await EndpointsAsync(bus, service, instance, limit, cancellationToken);
            if (endpoints.FirstOrDefault(endpoint => endpoint.Name == method) is not { } found) return (null, new MethodNotFoundException(service, method, ServiceFault.Sorted(endpoints.Select(endpoint => endpoint.Name))));
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

    /// <summary>How long may be looked for a service.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="timeout">What the caller has given the call. Null: what the bus gives it.</param>
    /// <param name="spent">What it has taken so far.</param>
    public static TimeSpan Left(IBus bus, TimeSpan? timeout, TimeSpan spent)
    {
        var limit = timeout ?? (bus as BusFacade)?.RequestTimeout ?? RequestOptions.DefaultTimeout;
        var left = limit == Timeout.InfiniteTimeSpan ? AtMost : Least(limit - spent, AtMost);
        return CallContext.Current?.Remaining is { } outer ? Least(left, outer) : left;
    }

    /// <summary>What the instances of a service, or one of them, announce.</summary>
    /// <exception cref="ServiceNotFoundException">There is none.</exception>
    /// <exception cref="RequestTimeoutException">There is one, which does not answer, or there was no time to ask.</exception>
    public static async Task<IReadOnlyList<EndpointInfo>> EndpointsAsync(IBus bus, string service, string? instance, TimeSpan limit, CancellationToken cancellationToken)
    {
        var topic = $"{ServiceTopics.Info}.{service}{(instance is null ? "" : $".{instance}")}";
        var start = Stopwatch.GetTimestamp();
        var found = await AskAsync(bus, topic, Least(Quickly, limit), enough: 0, cancellationToken);
        // It is there, and slow: what the first of them says is better than nothing.
        if (found is { Answers.Count: 0, Asked: > 0 }) found = await AskAsync(bus, topic, Left(), enough: 1, cancellationToken);
        if (found is { Answers.Count: 0, Asked: > 0 }) throw new RequestTimeoutException(topic, limit);
        var infos = Infos(found);
        if (infos.Count > 0) return [.. infos.SelectMany(info => info.Endpoints ?? [])];
        throw new ServiceNotFoundException(instance is null ? service : $"{service} (instance {instance})", await OthersAsync(bus, Least(Quickly, Left()), cancellationToken));

        TimeSpan Left() => limit - Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Those that there are, as far as they say so in time.</summary>
    private static async Task<string[]> OthersAsync(IBus bus, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return ServiceFault.Sorted(Infos(await AskAsync(bus, ServiceTopics.Info, limit, enough: 0, cancellationToken)).Select(info => info.Name));
        }
        catch (RequestTimeoutException)
        {
            return [];
        }
    }

    private static Task<SurveyResult<byte[]>> AskAsync(IBus bus, string topic, TimeSpan limit, int enough, CancellationToken cancellationToken) => limit > TimeSpan.Zero
        ? bus.SurveyAsync<string, byte[]>(topic, "", new SurveyOptions { Timeout = limit, Count = enough }, cancellationToken)
        : throw new RequestTimeoutException(topic, limit);

    private static List<ServiceInfo> Infos(SurveyResult<byte[]> found) => [.. found.Answers.Where(answer => answer.Error is null).Select(answer => Read(answer.Data)).OfType<ServiceInfo>()];

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

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
