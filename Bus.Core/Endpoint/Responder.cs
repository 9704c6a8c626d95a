using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>Turns a function from request to response into a handler of messages.</summary>
internal static class Responder
{
    public static async ValueTask HandleAsync<TRequest, TResponse>(BusMessage<TRequest> message, Func<TRequest, BusMessage<TRequest>, CancellationToken, ValueTask<TResponse>> handler, CancellationToken cancellationToken)
    {
        TResponse response;
        try
        {
            response = await handler(message.Data, message, cancellationToken);
        }
        catch (Exception e)
        {
            await FailAsync(message, e);
            if (IsAnswer(message, e)) return;
            throw;
        }

        // The token ends the handler; what it has worked out is still sent.
        if (message.ReplyTo is not null) await message.ReplyAsync(response, cancellationToken: CancellationToken.None);
    }

    /// <summary>Answers with an error.</summary>
    public static ValueTask FailAsync(BusMessage message, Exception? error)
    {
        if (message.ReplyTo is null) return default;
        return error switch
        {
            PayloadFormatException unreadable when IsAnswer(message, unreadable) => message.ReplyErrorAsync(unreadable.Message, 400, "bad-request", CancellationToken.None),
            RemoteErrorException chosen => message.ReplyErrorAsync(chosen.Text, chosen.Code, chosen.Error, CancellationToken.None),
            _ => message.ReplyErrorAsync(error?.Message ?? "It gave no text.", 500, ErrorHeaders.HandlerFailed, CancellationToken.None),
        };
    }

    /// <summary>The error is the responder's choice, or the requester's fault: the handler did not fail.</summary>
    private static bool IsAnswer(BusMessage message, Exception error) => error is RemoteErrorException || (error as PayloadFormatException)?.Topic == message.Topic;
}
