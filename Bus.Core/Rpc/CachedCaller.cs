using Bus.Core.Caching;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Endpoint;

namespace Bus.Core.Rpc;

/// <summary>One call from the side of a caller who takes the answer to an earlier one, or to one that is under way, as well.</summary>
internal sealed class CachedCaller(BusFacade bus, string service, string method, ServiceCallOptions options, TimeSpan cacheFor)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(365);

    private readonly TimeSpan _maxAge = Checked(cacheFor);
    private readonly string _topic = ServiceTopics.MethodOf(service, method);

    public async Task<BusMessage<TResponse>> CallAsync<TRequest, TResponse>(TRequest request, CancellationToken cancellationToken)
    {
        var timeout = FacadeRequests.CheckTimeout(options.Timeout ?? bus.RequestTimeout, _topic);
        cancellationToken.ThrowIfCancellationRequested();
        bus.ThrowIfClosed(_topic);
        var flow = CallFlow.Of(options: null, timeout, _topic, bus.Name, bus.Time);
        var key = CacheKey.Of(_topic, options.Instance, options.Headers, request, bus.Codec);
        if (IsForItself()) return bus.Cache.Find(key, _maxAge)?.As<TResponse>() ?? await new ServiceCaller(bus, service, method, options).CallAsync<TRequest, TResponse>(request, cancellationToken);
        var (result, answer, call) = bus.Cache.Enter(key, _maxAge, token => FetchAsync(request, flow.Timeout, token));
        CallTelemetry.Looked(service, method, result);
        if (call is null) return answer!.As<TResponse>();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, flow.Cancellation);
        try
        {
            return (await call.Answer.WaitAsync(flow.Timeout, bus.Time, either.Token)).As<TResponse>();
        }
        catch (TimeoutException)
        {
            throw flow.OutOfTime(_topic);
        }
        finally
        {
            bus.Cache.Leave(call);
        }
    }

    private static TimeSpan Checked(TimeSpan cacheFor) => cacheFor > TimeSpan.Zero && cacheFor <= MaxAge
        ? cacheFor
        : throw new ArgumentOutOfRangeException(nameof(cacheFor), cacheFor, $"CacheFor has to be more than zero and at most {MaxAge.TotalDays:0} days.");

    /// <summary>Whether it does not wait with others: one that comes through the service itself could be what it waits for, and one that is to fail at once does not wait for a connection.</summary>
    private bool IsForItself() => (options.FailFast && !bus.IsReachable) || CallContext.Current?.Chain.Contains(service, StringComparer.Ordinal) is true;

    /// <summary>Calls for all who wait: each of them has a deadline of its own, and it ends when all have given up.</summary>
    private async Task<BusMessage> FetchAsync<TRequest>(TRequest request, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var context = CallContext.Current?.WithoutEnd().Enter();
        return await new ServiceCaller(bus, service, method, options with { Timeout = Timeout.InfiniteTimeSpan }, patience).CallAsync<TRequest, byte[]>(request, cancellationToken);
    }
}
