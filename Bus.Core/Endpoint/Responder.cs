using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>Turns a function from request to response into a handler of messages.</summary>
internal sealed class Responder<TRequest, TResponse>(Func<BusMessage<TRequest>, CancellationToken, ValueTask<TResponse>> handler, AnsweredRequests? answered, SubscriptionOptions options, PayloadCodec codec)
{
    public async ValueTask HandleAsync(BusMessage<TRequest> message, CancellationToken cancellationToken)
    {
        var key = answered is null ? null : message.Key;
        if (key is { } asked && answered!.Find(asked) is { } known)
        {
            await known.SendAsync(message, CancellationToken.None);
            return;
        }

        TResponse response;
        try
        {
            response = await handler(message, cancellationToken);
        }
        catch (Exception e)
        {
            var failure = Answer.Failure(message, e, options.ErrorDetail);
            if (key is { } failed) answered!.Remember(failed, failure);
            // It may have been answered by hand before it failed.
            if (!message.IsAnswered) await failure.SendAsync(message, CancellationToken.None);
            if (Responder.IsAnswer(message, e)) return;
            throw;
        }

        try
        {
            await SendAsync(message, response, key);
        }
        catch (Exception e) when (e is PayloadFormatException or PayloadTooLargeException)
        {
            await Responder.FailAsync(message, e, options.ErrorDetail);
            throw;
        }
        catch (BusClosedException)
        {
            // The bus has given up since the request came: whoever asked has heard of it, and the handler did not fail.
        }
    }

    private async ValueTask SendAsync(BusMessage message, TResponse response, RequestKey? key)
    {
        if (key is { } request)
        {
            var answer = response as Answer ?? Answer.Of(response, codec, message.ReplyFormat);
            answered!.Remember(request, answer);
            if (!message.IsAnswered) await answer.SendAsync(message);
        }
        else if (message.ReplyTo is not null && !message.IsAnswered)
        {
            // The token ends the handler; what it has worked out is still sent.
            await message.ReplyAsync(response, cancellationToken: CancellationToken.None);
        }
    }
}

/// <summary>
/// Turns a handler that returns nothing into one that confirms, when it is done, the messages whose sender waits for that. Others it handles as if it were not there.
/// </summary>
internal sealed class ConfirmingHandler<T>(Func<BusMessage<T>, CancellationToken, ValueTask> handler, AnsweredRequests? answered, SubscriptionOptions options, PayloadCodec codec)
{
    private readonly Responder<T, byte[]> _responder = new(
        async (message, cancellationToken) =>
        {
            await handler(message, cancellationToken);
            return [];
        },
        answered,
        options,
        codec);

    public ValueTask HandleAsync(BusMessage<T> message, CancellationToken cancellationToken) =>
        message.WantsConfirmation ? _responder.HandleAsync(message, cancellationToken) : handler(message, cancellationToken);
}

/// <summary>What responders of all types share.</summary>
internal static class Responder
{
    /// <summary>Answers with an error.</summary>
    public static ValueTask FailAsync(BusMessage message, Exception? error, ErrorDetail detail) => Answer.Failure(message, error, detail).SendAsync(message);

    /// <summary>The error is the responder's choice, or the requester's fault: the handler did not fail.</summary>
    public static bool IsAnswer(BusMessage message, Exception error) =>
        error is RemoteErrorException || (error is PayloadFormatException or PayloadTooLargeException { IsReceived: true } && ((BusException)error).Topic == message.Topic);
}
