using System.Diagnostics;
using Bus.Core.Client;

namespace Bus.Core.Rpc;

/// <summary>One call from the caller's side.</summary>
internal sealed class ServiceCaller(IBus bus, string service, string method, ServiceCallOptions options)
{
    private readonly string _id = RandomName.Hex(16);

    private string Topic => options.Instance is { } instance ? ServiceTopics.MethodOf(service, ServiceTopics.ValidateInstance(instance), method) : ServiceTopics.MethodOf(service, method);

    public async Task<BusMessage<TResponse>> CallAsync<TRequest, TResponse>(TRequest request, CancellationToken cancellationToken)
    {
        var (topic, how) = (Topic, new RequestOptions { Timeout = options.Timeout, Headers = options.Headers, SafeToRetry = options.SafeToRetry, FailFast = options.FailFast, CallId = _id });
        using var activity = CallTelemetry.StartCall(topic, service, method);
        var start = Stopwatch.GetTimestamp();
        try
        {
            var answer = await bus.RequestMessageAsync<TRequest, TResponse>(topic, request, how, cancellationToken);
            CallTelemetry.EndCall(activity, service, method, Stopwatch.GetElapsedTime(start), error: null);
            return answer;
        }
        catch (Exception e)
        {
            CallTelemetry.EndCall(activity, service, method, Stopwatch.GetElapsedTime(start), e);
            if (e is OperationCanceledException) _ = CancelAsync();
            if (e is not NoRespondersException) throw;
            throw await ServiceLookup.ExplainAsync(bus, service, method, options.Instance, cancellationToken) ?? e;
        }
    }

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
