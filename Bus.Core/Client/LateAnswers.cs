namespace Bus.Core.Client;

/// <summary>Listens a while longer for those who have missed the deadline of a survey, and tells of each (<see cref="BusNoticeKind.LateReply"/>). One for each bus. Thread-safe.</summary>
internal sealed class LateAnswers
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    // Each keeps a subscription; who asks many who are frozen is not to have thousands of them.
    private const int MaxListening = 64;

    private int _listening;

    /// <summary>Takes the subscription over, and ends it.</summary>
    public async Task ListenAsync<T>(ISurveyor bus, ISubscription<T> subscription, string topic, int missing)
    {
        await using var _ = subscription;
        if (Interlocked.Increment(ref _listening) > MaxListening)
        {
            Interlocked.Decrement(ref _listening);
            return;
        }

        using var end = new CancellationTokenSource(Window, TimeProvider.System);
        try
        {
            await foreach (var message in subscription.WithCancellation(end.Token))
            {
                bus.Notice(BusNoticeKind.LateReply, $"An answer of {Plural.Of(message.RawPayload.Length, "byte")} to the survey on '{topic}' came after its end; it was dropped.", topic, count: 1);
                if (--missing == 0) return;
            }
        }
        catch (OperationCanceledException)
        {
            // Whoever comes now is told nobody is there any more.
        }
        finally
        {
            Interlocked.Decrement(ref _listening);
        }
    }
}

/// <summary>A bus that makes surveys.</summary>
internal interface ISurveyor
{
    /// <summary>Those who answer its surveys too late.</summary>
    LateAnswers LateAnswers { get; }

    /// <summary>Raises <see cref="IBus.Noticed"/>.</summary>
    void Notice(BusNoticeKind kind, string text, string topic, long count);
}
