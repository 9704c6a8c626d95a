using System.Diagnostics;
using Bus.Core.Client;

namespace Bus.Core.Rpc;

/// <summary>One call from the caller's side.</summary>
/// <param name="bus">The bus.</param>
/// <param name="service">The service.</param>
/// <param name="method">The method.</param>
/// <param name="options">How it is called.</param>
/// <param name="patience">How long the caller waits, if the timeout of the request does not say it. Null: that does.</param>
internal sealed class ServiceCaller(IBus bus, string service, string method, ServiceCallOptions options, TimeSpan? patience = null)
{
    private readonly string _id = RandomName.Hex(16);
    private readonly long _start = Stopwatch.GetTimestamp();

    private string Topic => options.Instance is { } instance ? ServiceTopics.MethodOf(service, ServiceTopics.ValidateInstance(instance), method) : ServiceTopics.MethodOf(service, method);

    public async Task<BusMessage<TResponse>> CallAsync<TRequest, TResponse>(TRequest request, CancellationToken cancellationToken)
    {
        var topic = Topic;
        using var activity = CallTelemetry.StartCall(topic, service, method);
        try
        {
            var answer = await FindAsync<TRequest, TResponse>(topic, request, cancellationToken);
            CallTelemetry.EndCall(activity, service, method, Stopwatch.GetElapsedTime(_start), error: null);
            return answer;
        }
        catch (Exception e)
        {
            CallTelemetry.EndCall(activity, service, method, Stopwatch.GetElapsedTime(_start), e);
            if (e is OperationCanceledException) _ = CancelAsync();
            throw;
        }
    }

    private async Task<BusMessage<TResponse>> FindAsync<TRequest, TResponse>(string topic, TRequest request, CancellationToken cancellationToken)
    {
        var known = ServiceLookup.Known(bus, topic);
        try
        {
            return await RequestAsync<TRequest, TResponse>(known ?? topic, request, options.Timeout, cancellationToken);
        }
        catch (NoRespondersException)
        {
            // It was not carried out: it does no harm to look for it, and to ask once more.
            if (known is not null) ServiceLookup.Forget(bus, topic);
            var (elsewhere, error) = await ServiceLookup.FindAsync(bus, service, method, options.Instance, ServiceLookup.Left(bus, patience ?? options.Timeout, Stopwatch.GetElapsedTime(_start)), cancellationToken);
            if (error is not null) throw error;
            if (elsewhere is null) throw;
            var left = options.Timeout - Stopwatch.GetElapsedTime(_start);
            if (left <= TimeSpan.Zero && options.Timeout > TimeSpan.Zero) throw;
            return await RequestAsync<TRequest, TResponse>(elsewhere, request, options.Timeout == Timeout.InfiniteTimeSpan ? options.Timeout : left, cancellationToken);
        }
    }

    private Task<BusMessage<TResponse>> RequestAsync<TRequest, TResponse>(string topic, TRequest request, TimeSpan? timeout, CancellationToken cancellationToken) =>
        bus.RequestMessageAsync<TRequest, TResponse>(topic, request, new RequestOptions { Timeout = timeout, Headers = options.Headers, SafeToRetry = options.SafeToRetry, FailFast = options.FailFast, CallId = _id }, cancellationToken);

    /// <summary>Nobody waits any more: whoever carries it out may stop.</summary>
    private async Task CancelAsync()
    {
        try
        {
            await bus.PublishAsync(ServiceTopics.CancelOf(service), _id);
        }
        catch (BusException)
        {
            // The bus is away or closed: it tells the service that its caller is.
        }
    }
}
