using Bus.Core.Client;

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
        catch (PayloadFormatException e) when (e.Topic == message.Topic)
        {
            // The requester's fault, not the handler's.
            await FailAsync(message, e.Message, 400, "bad-request");
            return;
        }
        catch (RemoteErrorException e)
        {
            await FailAsync(message, e.Text, e.Code, e.Error);
            return;
        }
        catch (Exception e)
        {
            await FailAsync(message, e.Message, 500, ErrorHeaders.HandlerFailed);
            throw;
        }

        // The token ends the handler; what it has worked out is still sent.
        if (message.ReplyTo is not null) await message.ReplyAsync(response, cancellationToken: CancellationToken.None);
    }

    private static ValueTask FailAsync(BusMessage message, string text, int code, string? error) =>
        message.ReplyTo is null ? default : message.ReplyErrorAsync(text, code, error, CancellationToken.None);
}
