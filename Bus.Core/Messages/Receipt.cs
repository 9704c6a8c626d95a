namespace Bus.Core.Messages;

/// <summary>
/// Adds up how many subscriptions a message was handed to, over the topic actors of all filters that it matched, and answers when the last of them is done.
/// Each batch that carries the message reports once, also one that is dropped. Thread-safe.
/// </summary>
/// <param name="batches">How many batches carry the message.</param>
internal abstract class Receipt(int batches)
{
    private int _open = batches;
    private int _reached;

    /// <summary>One of the batches is told, or dropped.</summary>
    public void Add(int reached)
    {
        Interlocked.Add(ref _reached, reached);
        if (Interlocked.Decrement(ref _open) == 0) Answer(Volatile.Read(ref _reached));
    }

    /// <summary>The count is complete. Called from any thread: be quick.</summary>
    protected abstract void Answer(int reached);
}
