using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Streams;

namespace Bus.Core.Rpc;

/// <summary>Which calls are carried out, and how those that are not, or did not come to an end, are answered.</summary>
internal static class CallRules
{
    /// <summary>The answer to a call for which there is no room.</summary>
    public static RemoteErrorException Overloaded(ServiceOptions options) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The service carries out {options.MaxConcurrency:N0} calls and has {options.MaxWaiting:N0} more waiting, which is all it takes: call again later."), 429, BusErrors.Overloaded);

    /// <exception cref="RemoteErrorException">It is not carried out.</exception>
    public static void Check(ServiceCall call, ServiceOptions options)
    {
        var context = call.Context;
        if (call.Method.IsStream != StreamHeaders.IsOpen(call.Message)) throw new RemoteErrorException(call.Method.IsStream
            ? $"The calls of '{call.Method.Topic}' are streams: use CallStreamAsync, CallUploadAsync or CallDuplexAsync, or \"stream\":true in JSON lines."
            : $"'{call.Method.Topic}' gives one answer, and no stream: use CallAsync.", 400, BusErrors.BadRequest);
        if (context.Remaining == TimeSpan.Zero) throw new RemoteErrorException($"The call came when its time was up; it was not carried out ({context}).", 504, BusErrors.DeadlineExceeded);
        if (call.IsCancelled) throw new RemoteErrorException($"The call was cancelled before its turn came; it was not carried out ({context}).", 499, BusErrors.Cancelled);
        if (context.Depth > options.MaxDepth) throw new RemoteErrorException($"The call has gone through {context.Depth} services, and '{context.Service}' allows {options.MaxDepth}: {Way(context)}.", 508, BusErrors.DepthExceeded);
        if (context.Repeats > options.MaxRepeats) throw new RemoteErrorException($"The call has come through '{context.Service}' {context.Repeats} times, which allows {options.MaxRepeats}: {Way(context)}.", 508, BusErrors.CallLoop);
    }

    /// <summary>What a call ends with whose handler has thrown. What the caller of all has to know keeps its name on the way back.</summary>
    public static Exception AnswerTo(Exception error, ServiceCall call) => error switch
    {
        OperationCanceledException when call.IsCancelled => new RemoteErrorException($"The call was cancelled while it was carried out ({call.Context}).", 499, BusErrors.Cancelled),
        OperationCanceledException when call.Context.CancellationToken.IsCancellationRequested && call.IsLimitedByMethod => new RemoteErrorException($"The method '{call.Method.Name}' takes {call.Method.Options.Timeout?.TotalSeconds:0.###} s at most, and these are over ({call.Context}).", 504, BusErrors.Timeout),
        OperationCanceledException when call.Context.CancellationToken.IsCancellationRequested => new RemoteErrorException($"The time of the call was up while it was carried out ({call.Context}).", 504, BusErrors.DeadlineExceeded),
        DeadlineExceededException e => new RemoteErrorException(e.Message, 504, e.Error),
        DepthExceededException or CallLoopException => new RemoteErrorException(error.Message, 508, ((BusException)error).Error),
        _ => error,
    };

    private static string Way(CallContext context)
    {
        var last = string.Join(" > ", context.Chain.Skip(Math.Max(0, context.Depth - 10)));
        return context.Depth > 10 ? $"... > {last}" : last;
    }
}
