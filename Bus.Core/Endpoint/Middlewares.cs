using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>Runs middleware around a handler, in the order in which it was given.</summary>
internal static class Middlewares
{
    /// <summary>Around a handler of messages.</summary>
    /// <param name="use">At least one.</param>
    /// <param name="handler">The handler.</param>
    /// <param name="confirms">Whether it confirms what its sender wants to have confirmed: then a message cannot be skipped without a word.</param>
    public static Func<BusMessage<T>, CancellationToken, ValueTask> Around<T>(IReadOnlyList<BusMiddleware> use, Func<BusMessage<T>, CancellationToken, ValueTask> handler, bool confirms) => async (message, token) =>
    {
        var isReached = false;
        await RunAsync(use, 0, message, () =>
        {
            isReached = true;
            return handler(message, token);
        }, token);
        if (!isReached && confirms && message.WantsConfirmation) throw NotHandled(message);
    };

    /// <summary>Around what gives an answer.</summary>
    /// <exception cref="RemoteErrorException">There is none.</exception>
    public static async ValueTask<T> AnswerAsync<T>(IReadOnlyList<BusMiddleware> use, BusMessage message, Func<ValueTask<T>> handler, CancellationToken cancellationToken)
    {
        var (isAnswered, answer) = (false, default(T));
        await RunAsync(use, 0, message, async () => (answer, isAnswered) = (await handler(), true), cancellationToken);
        return isAnswered ? answer! : throw NotHandled(message);
    }

    private static async ValueTask RunAsync(IReadOnlyList<BusMiddleware> use, int at, BusMessage message, Func<ValueTask> handler, CancellationToken cancellationToken)
    {
        if (at == use.Count)
        {
            await handler();
            return;
        }

        Task? rest = null;
        await use[at](message, () =>
        {
            if (rest is not null) throw new InvalidOperationException($"A middleware of '{message.Topic}' goes on twice: the handler runs once for each message.");
            rest = RunAsync(use, at + 1, message, handler, cancellationToken).AsTask();
            return new ValueTask(rest);
        }, cancellationToken);
        // It may not have waited for it. What it made of an error is its own affair.
        if (rest is not null) await rest.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static RemoteErrorException NotHandled(BusMessage message) => new($"A middleware of '{message.Topic}' has not gone on, and has not said why.", 404, BusErrors.NotHandled);
}
