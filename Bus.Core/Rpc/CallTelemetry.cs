using System.Diagnostics;
using Bus.Core.Context;

namespace Bus.Core.Rpc;

/// <summary>Calls as OpenTelemetry sees them: the activity source <c>IpcBus</c>. Without a listener nothing is made.</summary>
public static class CallTelemetry
{
    /// <summary>The name of the activity source, for <c>AddSource</c>.</summary>
    public const string SourceName = "IpcBus";

    private static readonly ActivitySource Source = new(SourceName);

    internal static Activity? StartCall(string topic, string service, string method) =>
        Tag(Source.StartActivity(topic, ActivityKind.Client), service, method);

    internal static Activity? StartMethod(CallContext context) =>
        Tag(Source.StartActivity($"{context.Service}.{context.Method}", ActivityKind.Server, context.TraceParent), context.Service, context.Method);

    internal static void End(Activity? activity, Exception? error)
    {
        if (error is not null) activity?.SetStatus(ActivityStatusCode.Error, error.Message);
    }

    private static Activity? Tag(Activity? activity, string service, string method) =>
        activity?.SetTag("rpc.system", "ipcbus").SetTag("rpc.service", service).SetTag("rpc.method", method);
}
