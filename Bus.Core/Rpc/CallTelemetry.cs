using System.Diagnostics;
using System.Diagnostics.Metrics;
using Bus.Core.Caching;
using Bus.Core.Client;
using Bus.Core.Context;

namespace Bus.Core.Rpc;

/// <summary>
/// Calls as OpenTelemetry sees them: the activity source and the meter <c>IpcBus</c>, with the histograms <c>rpc.client.call.duration</c> and <c>rpc.server.call.duration</c> in
/// seconds, the counter <c>rpc.client.cache.lookups</c>, and <c>rpc.client.cache.entries</c> and <c>rpc.client.cache.size</c>. Without a listener nothing is made.
/// </summary>
public static class CallTelemetry
{
    /// <summary>The name of the activity source and of the meter, for <c>AddSource</c> and <c>AddMeter</c>.</summary>
    public const string SourceName = "IpcBus";

    private static readonly ActivitySource Source = new(SourceName);
    private static readonly Meter Meter = new(SourceName);
    private static readonly Histogram<double> Called = Meter.CreateHistogram<double>("rpc.client.call.duration", "s", "How long calls took, from the caller's side.");
    private static readonly Histogram<double> CarriedOut = Meter.CreateHistogram<double>("rpc.server.call.duration", "s", "How long methods took.");

    private static readonly Counter<long> Lookups = Meter.CreateCounter<long>("rpc.client.cache.lookups", "{call}", "Calls that might take the answer of another, by what they found.");

    static CallTelemetry()
    {
        Meter.CreateObservableUpDownCounter("rpc.client.cache.entries", static () => ResponseCache.Total().Entries, "{answer}", "Answers that the buses of this process keep.");
        Meter.CreateObservableUpDownCounter("rpc.client.cache.size", static () => ResponseCache.Total().Bytes, "By", "Bytes that these take, with their requests.");
    }

    internal static Activity? StartCall(string topic, string service, string method) =>
        Tag(Source.StartActivity(topic, ActivityKind.Client), service, method);

    internal static Activity? StartMethod(CallContext context) =>
        Tag(Source.StartActivity($"{context.Service}.{context.Method}", ActivityKind.Server, context.TraceParent), context.Service, context.Method);

    /// <summary>A call has ended, as its caller sees it.</summary>
    internal static void EndCall(Activity? activity, string service, string method, TimeSpan elapsed, Exception? error) => End(Called, activity, service, method, elapsed, error);

    /// <summary>A method was carried out.</summary>
    internal static void EndMethod(Activity? activity, CallContext context, TimeSpan elapsed, Exception? error) => End(CarriedOut, activity, context.Service, context.Method, elapsed, error);

    /// <summary>A call that might take the answer of another has looked for one.</summary>
    internal static void Looked(string service, string method, CacheResult result)
    {
        if (!Lookups.Enabled) return;
        Lookups.Add(1, new TagList { { "rpc.service", service }, { "rpc.method", method }, { "cache.result", result switch { CacheResult.Hit => "hit", CacheResult.Shared => "shared", _ => "miss" } } });
    }

    private static void End(Histogram<double> histogram, Activity? activity, string service, string method, TimeSpan elapsed, Exception? error)
    {
        if (error is not null) activity?.SetStatus(ActivityStatusCode.Error, error.Message);
        if (!histogram.Enabled) return;
        var tags = new TagList { { "rpc.service", service }, { "rpc.method", method } };
        if (error is not null) tags.Add("error.type", (error as BusException)?.Error ?? (error is OperationCanceledException ? BusErrors.Cancelled : BusErrors.HandlerFailed));
        histogram.Record(elapsed.TotalSeconds, tags);
    }

    private static Activity? Tag(Activity? activity, string service, string method) =>
        activity?.SetTag("rpc.system", "ipcbus").SetTag("rpc.service", service).SetTag("rpc.method", method);
}
