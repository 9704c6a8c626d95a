using Bus.Core.Client;
using Bus.Core.Messages;
using Microsoft.Extensions.Logging;

namespace Bus.Core.Endpoint;

/// <summary>
/// The actor that subscribed. The sender of a request is the reference of an Ask: whatever it is told, by that actor or by one
/// that the message was passed on to, is the reply.
/// </summary>
internal sealed class ActorTarget(SubscriptionCore core, IActorRef actor, ILogger log)
{
    // Who takes longer has to keep the message and reply to that. A requester waits for 5 seconds if it says nothing else.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly CancellationTokenSource _stopped = new();
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One more than there are requests under way, until no more of them will come.
    private int _pending = 1;
    private bool _complete;

    public void Tell(BusMessage message)
    {
        core.Told();
        if (message.ReplyTo is null) actor.Tell(message, ActorRefs.NoSender);
        else _ = AskAsync(message);
    }

    /// <summary>Nothing more will be told. Completes when the replies to all requests are on their way.</summary>
    public Task CompleteAsync()
    {
        if (!_complete) Leave();
        _complete = true;
        return _answered.Task;
    }

    /// <summary>The actor has stopped: the requests that it has are not answered any more.</summary>
    public void Stopped() => _ = _stopped.CancelAsync();

    private async Task AskAsync(BusMessage message)
    {
        Interlocked.Increment(ref _pending);
        try
        {
            var answer = await AnswerAsync(message);
            if (!message.TakeReply() || answer is null) return;
            // A reply does not wait for room, and may still be sent while the bus closes.
            ConsumerContext.Enter(core);
            await SendAsync(message, answer);
        }
        catch (Exception e)
        {
            BusLog.ReplyFailed(log, message.Topic, e);
        }
        finally
        {
            Leave();
        }
    }

    /// <returns>Null: there was none in time.</returns>
    private async Task<object?> AnswerAsync(BusMessage message)
    {
        try
        {
            return await actor.Ask<object>(asker => message.ToldBy(asker), Patience, _stopped.Token);
        }
        catch (OperationCanceledException)
        {
            return new Status.Failure(new RemoteErrorException("The actor that had the request stopped before it answered.", 503, ErrorHeaders.ResponderLost));
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _pending) == 0) _answered.TrySetResult();
    }

    private async ValueTask SendAsync(BusMessage request, object answer)
    {
        try
        {
            if (answer is Status.Failure failure) await Responder.FailAsync(request, failure.Cause, core.Options.ErrorDetail);
            else if (answer is BusMessage relayed) await request.ReplyAsync(relayed.RawPayload, relayed.RawHeaders);
            else await UntypedPayload.Of(answer).ReplyAsync(request, answer);
        }
        catch (Exception e) when (e is PayloadFormatException or PayloadTooLargeException)
        {
            await Responder.FailAsync(request, e, core.Options.ErrorDetail);
        }
    }
}
