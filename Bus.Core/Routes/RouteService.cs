using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Endpoint;
using Bus.Core.Messages;

namespace Bus.Core.Routes;

/// <summary>A router as the one method of a service.</summary>
internal sealed class RouteService(BusFacade bus, BusRouter router)
{
    /// <summary>Carries out a request. The answer has gone out before this ends, as soon as a handler gave it; what is returned is remembered for the same request sent again.</summary>
    /// <exception cref="Exception">There was no answer, or it was an error.</exception>
    public async ValueTask<Answer> AnswerAsync(CallContext context)
    {
        var source = new BusSource(bus, context);
        var (isSent, fault) = await RouteFlow.RunAsync(router, source, context.Headers[RouteHeaders.Method], context.Headers[RouteHeaders.Path], context.CancellationToken);
        if (!isSent) throw fault!;
        if (fault is not null) BusLog.RouteFailedLate(bus.Log, $"{context.Headers[RouteHeaders.Method]} {context.Headers[RouteHeaders.Path]}", context.Service, fault);
        // Thrown although it was sent: so it counts as an error wherever calls are counted.
        return source.Error is null ? source.Answer! : throw source.Error;
    }

    private sealed class BusSource(BusFacade bus, CallContext context) : RouteSource(context.Message, context.Caller)
    {
        public Answer? Answer { get; private set; }

        public RemoteErrorException? Error { get; private set; }

        public override async ValueTask SendAsync<T>(T value, BusHeaders headers, CancellationToken cancellationToken)
        {
            var answer = Answer.Of(value, bus.Codec, Message.ReplyFormat, headers);
            await SendAsync(answer, cancellationToken);
            Answer = answer;
        }

        public override async ValueTask FailAsync(string text, int code, string? error, string? detail, BusHeaders headers, CancellationToken cancellationToken)
        {
            var failure = new RemoteErrorException(text, code, error, detail) { Along = headers };
            await SendAsync(Answer.Failure(Message, failure, default), cancellationToken);
            Error = failure;
        }

        private ValueTask SendAsync(Answer answer, CancellationToken cancellationToken)
        {
            // The service has answered in its place: its time was up, or its caller has gone.
            if (Message.IsAnswered) throw new OperationCanceledException($"Nobody waits for the answer any more ({context}).", context.CancellationToken);
            return answer.SendAsync(Message, cancellationToken);
        }
    }
}
