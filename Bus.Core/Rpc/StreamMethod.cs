using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Core.Streams;

namespace Bus.Core.Rpc;

/// <summary>A method whose calls are streams. Each is one call for the limits and statistics of the service, from its begin to the end of its answers.</summary>
internal sealed class StreamMethod<TRequest, TIn, TOut> : ServiceMethod
{
    private readonly StreamHandler<TRequest, TIn, TOut> _handler;
    private readonly ServiceOptions _service;
    private readonly BusFacade _bus;

    public StreamMethod(string name, string topic, StreamHandler<TRequest, TIn, TOut> handler, StreamKind kind, MethodOptions options, ServiceOptions service, BusFacade bus)
        : base(name, topic, Described(options, kind))
    {
        options.Window.Validate();
        (_handler, _service, _bus) = (handler, service, bus);
    }

    public override bool IsStream => true;

    public override Task OpenAsync(IBus bus, TopicFilters filters, string queue, Action<ServiceMethod, BusMessage> arrived, CancellationToken cancellationToken) =>
        OpenAsync<TRequest>(bus, filters, queue, arrived, cancellationToken);

    public override async Task AnswerAsync(ServiceCall call)
    {
        using var context = call.Context.Enter();
        using var activity = CallTelemetry.StartMethod(call.Context);
        var start = Stopwatch.GetTimestamp();
        await using var link = new StreamLink<TIn>(_bus, Topic, Options.Window, isCaller: false);
        call.IsStuck = link.IsStuck;
        await using var unwanted = link.Stopped.Register(call.Cancel);
        var isTakenOn = false;
        try
        {
            CallRules.Check(call, _service);
            await Middlewares.AnswerAsync(_service.Use, call.Message, AnswerAsync, call.Context.CancellationToken);
        }
        catch (Exception e)
        {
            // A caller that has read enough is no error.
            call.Error = link.IsUnwanted ? null : StreamErrors.AnswerTo(e, call);
            if (!link.IsUnwanted) await FailAsync(call.Message, isTakenOn ? link : null, call.Error!);
        }

        CallTelemetry.EndMethod(activity, call.Context, Stopwatch.GetElapsedTime(start), call.Error);

        async ValueTask<bool> AnswerAsync()
        {
            var request = ((BusMessage<TRequest>)call.Message).Data;
            await TakeOnAsync(call, link);
            isTakenOn = true;
            await CarryOutAsync(call, request, link);
            return true;
        }
    }

    private async Task TakeOnAsync(ServiceCall call, StreamLink<TIn> link)
    {
        link.Connect(call.Context.Headers, call.Context.Caller);
        await link.OpenAsync(call.Context.CancellationToken);
        var headers = StreamHeaders.Begin(given: null, link.Inbox, link.FirstCredit());
        headers[StreamHeaders.Peer] = _bus.Name;
        await call.Message.ReplyAsync(ReadOnlyMemory<byte>.Empty, headers, CancellationToken.None);
    }

    private async Task CarryOutAsync(ServiceCall call, TRequest request, StreamLink<TIn> link)
    {
        var token = call.Context.CancellationToken;
        var sending = link.SendAsync(_handler(request, new Once(link, Topic, token), call.Context), patience: null, token);
        call.Handling = sending;
        // A handler that does not listen to its token does not keep the caller waiting.
        await sending.WaitAsync(token);
        await link.EndAsync(error: null);
    }

    private async Task FailAsync(BusMessage message, StreamLink<TIn>? link, Exception error)
    {
        try
        {
            var answer = Answer.Failure(message, error, _service.ErrorDetail);
            await (link?.EndAsync(answer) ?? answer.SendAsync(message).AsTask());
        }
        catch (BusException)
        {
            // The bus is away or closed: the caller hears of that.
        }
        catch (Exception e)
        {
            // The caller finds that the inbox is closed.
            BusLog.AnswerFailed(_bus.Log, Topic, e);
        }
    }

    private static MethodOptions Described(MethodOptions options, StreamKind kind)
    {
        var metadata = new Dictionary<string, string>(options.Metadata, StringComparer.Ordinal) { ["bus-stream"] = kind switch { StreamKind.Answers => "answers", StreamKind.Upload => "upload", _ => "duplex" } };
        return options with { Metadata = metadata };
    }

    /// <summary>What the caller sends. There is no second time, for nobody keeps it.</summary>
    private sealed class Once(StreamLink<TIn> link, string topic, CancellationToken called) : IAsyncEnumerable<TIn>
    {
        private int _isTaken;

        public IAsyncEnumerator<TIn> GetAsyncEnumerator(CancellationToken cancellationToken = default) => Interlocked.Exchange(ref _isTaken, 1) == 0
            ? ReadAsync(cancellationToken).GetAsyncEnumerator(CancellationToken.None)
            : throw new InvalidOperationException($"What a caller of '{topic}' sends can be enumerated once: keep the items, if they are needed again.");

        private async IAsyncEnumerable<TIn> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, called);
            try
            {
                while (await link.ReadAsync(either.Token) is { } item) yield return StreamErrors.Read(item, topic);
            }
            finally
            {
                await link.StopReadingAsync();
            }
        }
    }
}
