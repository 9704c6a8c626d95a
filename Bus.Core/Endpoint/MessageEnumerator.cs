using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>
/// Walks over the messages of a subscription; the lazy form opens it first and ends it with itself. Written by hand because
/// the mark that the caller's loop handles messages (<see cref="ConsumerContext"/>) has to be set in the caller's own
/// context, which the compiler's iterator would restore.
/// </summary>
internal sealed class MessageEnumerator<T>(Subscription<T>? subscription, Func<CancellationToken, Task<Subscription<T>>>? open, CancellationToken cancellationToken, IDisposable? owned = null)
    : IAsyncEnumerator<BusMessage<T>>
{
    private Subscription<T>? _subscription = subscription;

    public BusMessage<T> Current { get; private set; } = null!;

    public ValueTask<bool> MoveNextAsync()
    {
        if (_subscription is not { } subscription) return OpenAsync();
        ConsumerContext.Enter(subscription);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<bool>(cancellationToken);
        return TryTake(subscription) ? ValueTask.FromResult(true) : WaitAsync(subscription);
    }

    public ValueTask DisposeAsync()
    {
        owned?.Dispose();
        if (_subscription is not { } subscription) return default;
        ConsumerContext.Exit(subscription);
        return open is null ? default : subscription.DisposeAsync();
    }

    private async ValueTask<bool> OpenAsync()
    {
        var opened = _subscription = await open!(cancellationToken);
        return TryTake(opened) || await WaitAsync(opened);
    }

    private async ValueTask<bool> WaitAsync(Subscription<T> subscription)
    {
        while (await subscription.Buffer.WaitAsync(cancellationToken))
        {
            if (TryTake(subscription)) return true;
        }

        // Ended for a reason that the one who enumerates should know; a plain end is no error.
        if (subscription.Buffer.HasFailed || subscription.Completion.IsFaulted) await subscription.Completion;
        return false;
    }

    private bool TryTake(Subscription<T> subscription)
    {
        if (!subscription.Buffer.TryTake(out var message)) return false;
        Current = (BusMessage<T>)message;
        return true;
    }
}
