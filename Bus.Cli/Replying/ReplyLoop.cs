using Bus.Cli.Execution;
using Bus.Core.Client;

namespace Bus.Cli.Replying;

/// <summary>Lets a responder answer the requests of some topics.</summary>
internal sealed class ReplyLoop(BusSession session, IResponder responder)
{
    /// <param name="filters">Where to reply.</param>
    /// <param name="queue">The queue group, or null.</param>
    /// <param name="count">Ends after this many requests; zero: when interrupted.</param>
    /// <param name="quiet">Whether to leave out the line that says that it is ready.</param>
    /// <param name="cancellationToken">The interruption.</param>
    public async Task<int> RunAsync(TopicFilters filters, string? queue, long count, bool quiet, CancellationToken cancellationToken)
    {
        var options = new SubscriptionOptions { Queue = queue };
        await using var subscription = await session.Bus.OpenSubscriptionAsync<ReadOnlyMemory<byte>>(filters, options, cancellationToken);
        if (!quiet) await Console.Error.WriteLineAsync($"ipcbus: replying on {filters} at {session.Url}");
        var answered = 0L;
        try
        {
            await foreach (var request in subscription.WithCancellation(cancellationToken))
            {
                if (request.ReplyTo is null) continue;
                await AnswerAsync(request, cancellationToken);
                if (++answered != count) continue;
                await session.FlushAsync(cancellationToken);
                return ExitCode.Ok;
            }
        }
        catch (OperationCanceledException) when (count == 0 && cancellationToken.IsCancellationRequested)
        {
            // Without a count, Ctrl-C is how it ends.
            return ExitCode.Ok;
        }

        throw new FailureException("the subscription ended: the bus closed the connection for good.");
    }

    private async Task AnswerAsync(BusMessage<ReadOnlyMemory<byte>> request, CancellationToken cancellationToken)
    {
        try
        {
            await request.ReplyAsync(await responder.RespondAsync(request, cancellationToken), cancellationToken: cancellationToken);
        }
        catch (RemoteErrorException e)
        {
            await request.ReplyErrorAsync(e.Text, e.Code, e.Error, e.Detail, cancellationToken);
        }
        catch (PayloadTooLargeException e)
        {
            await request.ReplyErrorAsync(e.Message, 500, "reply-too-large", cancellationToken: cancellationToken);
        }
    }
}
