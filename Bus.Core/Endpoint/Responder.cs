using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>Turns a function from request to response into a handler of messages.</summary>
internal sealed class Responder<TRequest, TResponse>(Func<TRequest, BusMessage<TRequest>, CancellationToken, ValueTask<TResponse>> handler, AnsweredRequests? answered, SubscriptionOptions options, IBusSerializer serializer)
{
    public async ValueTask HandleAsync(BusMessage<TRequest> message, CancellationToken cancellationToken)
    {
        var id = answered is null ? null : message.Id;
        if (id is not null && answered!.Find(id) is { } known)
        {
            await known.SendAsync(message);
            return;
        }

        TResponse response;
        try
        {
            response = await handler(message.Data, message, cancellationToken);
        }
        catch (Exception e)
        {
            var failure = Answer.Failure(message, e, options.ErrorDetail);
            if (id is not null) answered!.Remember(id, failure);
            await failure.SendAsync(message);
            if (Responder.IsAnswer(message, e)) return;
            throw;
        }

        if (id is not null)
        {
            var answer = new Answer(Payloads.ToArray(response, serializer));
            answered!.Remember(id, answer);
            await answer.SendAsync(message);
        }
        else if (message.ReplyTo is not null)
        {
            // The token ends the handler; what it has worked out is still sent.
            await message.ReplyAsync(response, cancellationToken: CancellationToken.None);
        }
    }
}

/// <summary>What responders of all types share.</summary>
internal static class Responder
{
    /// <summary>Answers with an error.</summary>
    public static ValueTask FailAsync(BusMessage message, Exception? error, ErrorDetail detail) => Answer.Failure(message, error, detail).SendAsync(message);

    /// <summary>The error is the responder's choice, or the requester's fault: the handler did not fail.</summary>
    public static bool IsAnswer(BusMessage message, Exception error) => error is RemoteErrorException || (error as PayloadFormatException)?.Topic == message.Topic;
}
