using Bus.Cli.Execution;
using Bus.Cli.Output;
using Bus.Core;
using Bus.Core.Client;

namespace Bus.Cli.Subscribing;

/// <summary>
/// Prints the messages of a subscription. What is printed waits in the output's buffer only while more messages are there. An interruption ends the intake, and
/// what has arrived by then is printed: a member of a queue group is the only one who has it.
/// </summary>
internal sealed class MessagePrinter(BusSession session, IMessageWriter writer, StandardOutput output)
{
    // Only a bus that hangs keeps an interrupted command for so long, and only if nobody presses Ctrl-C again. On a busy machine the answer may take seconds.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(30);

    // Confirmed together behind one flush; a stream of them does not wait for its end.
    private const int MaxUnconfirmed = 256;

    private readonly List<BusMessage> _unconfirmed = [];
    private readonly PrintedDeliveries _printed = new();
    private long _told;
    private long _gapAfter = long.MaxValue;

    /// <param name="filters">What to subscribe to.</param>
    /// <param name="options">The queue group, and what is buffered.</param>
    /// <param name="count">Ends after this many messages; zero: when interrupted.</param>
    /// <param name="quiet">Whether to leave out the line that says that the subscription is active.</param>
    /// <param name="cancellationToken">The interruption.</param>
    /// <param name="what">What to call the filters; null: as they are.</param>
    public async Task<int> RunAsync(TopicFilters filters, SubscriptionOptions options, long count, bool quiet, CancellationToken cancellationToken, string? what = null)
    {
        session.AfterGap = "; messages published in between may have been lost";
        await using var subscription = await session.Bus.OpenSubscriptionAsync<ReadOnlyMemory<byte>>(filters, options, cancellationToken);
        if (!quiet) await Console.Error.WriteLineAsync($"ipcbus: subscribed to {what ?? filters.ToString()} at {session.Url}");
        session.Bus.StateChanged += (_, change) =>
        {
            // What has arrived before is whole; what is printed of later is not.
            if (change.Current == BusState.Reconnecting) Interlocked.CompareExchange(ref _gapAfter, subscription.Delivered + subscription.Pending, long.MaxValue);
        };
        await using var interruption = cancellationToken.Register(() => _ = DrainAsync(subscription));
        try
        {
            if (await PrintAsync(subscription, count, options.Queue is not null || SystemTopics.InboxOf(session.Bus.Name) == filters[0]))
            {
                ThrowIfLost(subscription, count);
                return ExitCode.Ok;
            }
        }
        finally
        {
            output.Flush();
            TellDropped(subscription);
        }

        // Without a count, Ctrl-C is how it ends.
        if (cancellationToken.IsCancellationRequested && count == 0) return ExitCode.Ok;
        cancellationToken.ThrowIfCancellationRequested();
        throw new FailureException("the subscription ended: the bus closed the connection for good.");
    }

    /// <summary>Who asked for the next n messages has n, but not the next ones.</summary>
    private void ThrowIfLost(ISubscription subscription, long count)
    {
        output.Flush();
        if (subscription.Dropped > 0) throw new FailureException($"{Printed(count)}, but not all in between: {subscription.Dropped:N0} {(subscription.Dropped == 1 ? "was" : "were")} dropped.");
        if (count > Volatile.Read(ref _gapAfter)) throw new FailureException($"{Printed(count)}, but the connection to {session.Url} was lost before the last of them: what was published meanwhile is missing.");
    }

    private static string Printed(long count) => $"{Plural.Of(count, "message")} {(count == 1 ? "is" : "are")} printed";

    private static async Task DrainAsync(ISubscription subscription)
    {
        using var limit = new CancellationTokenSource(DrainLimit);
        try
        {
            await subscription.DrainAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"ipcbus: the bus did not answer within {DrainLimit.TotalSeconds:0} s; what it had not passed on is not printed.");
            await subscription.UnsubscribeAsync(CancellationToken.None);
        }
    }

    private void TellDropped(ISubscription subscription)
    {
        var dropped = subscription.Dropped;
        if (dropped != _told) Console.Error.WriteLine($"ipcbus: {Plural.Of(dropped, "message")} {(dropped == 1 ? "was" : "were")} dropped: what reads the output of this command was too slow. Let it read faster, or raise --buffer.");
        _told = dropped;
    }

    /// <summary>Tells those who wait for it that their messages are printed.</summary>
    private async Task ConfirmAsync()
    {
        if (_unconfirmed.Count == 0) return;
        output.Flush();
        foreach (var message in _unconfirmed) await message.ConfirmAsync();
        _unconfirmed.Clear();
    }

    private async Task<bool> PrintAsync(ISubscription<ReadOnlyMemory<byte>> subscription, long count, bool confirms)
    {
        var printed = 0L;
        await using var messages = subscription.GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            var next = messages.MoveNextAsync();
            if (!next.IsCompleted)
            {
                output.Flush();
                await ConfirmAsync();
                TellDropped(subscription);
            }

            var hasNext = await next;
            if (hasNext)
            {
                // Who only looks on, beside others, has handled nothing.
                var isDelivery = confirms && messages.Current.WantsConfirmation;
                if (isDelivery) _unconfirmed.Add(messages.Current);
                if (!isDelivery || _printed.Add(messages.Current))
                {
                    writer.Write(messages.Current, output);
                    printed++;
                }
            }

            var isLast = !hasNext || (count > 0 && printed == count);
            if (isLast || _unconfirmed.Count == MaxUnconfirmed) await ConfirmAsync();
            if (isLast) return hasNext;
        }
    }
}
