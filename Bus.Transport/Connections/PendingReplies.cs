using Bus.Core.Routing;

namespace Bus.Transport.Connections;

/// <summary>
/// The requests that a connection alone received and has not answered: when it closes, each requester hears at once that
/// its responder is lost. Bounded: beyond it requests are simply not watched. Owned by the connection actor; only
/// <see cref="IsAwaited"/> is read by the reader.
/// </summary>
internal sealed class PendingReplies
{
    /// <summary>Requests watched at the same time.</summary>
    public const int Capacity = 65_536;

    // Allocated at the first request: most connections never serve one.
    private HashSet<byte[]>? _replies;
    private int _count;

    /// <summary>Whether any answer is awaited, so that the reader need not look at every publish.</summary>
    public bool IsAwaited => Volatile.Read(ref _count) > 0;

    public void Add(ReadOnlySpan<byte> replyTo)
    {
        _replies ??= new HashSet<byte[]>(Utf8Comparer.Instance);
        if (_replies.Count < Capacity && _replies.Add(replyTo.ToArray())) Volatile.Write(ref _count, _replies.Count);
    }

    public void Remove(byte[] replyTo)
    {
        if (_replies is not null && _replies.Remove(replyTo)) Volatile.Write(ref _count, _replies.Count);
    }

    /// <summary>Takes all that are unanswered.</summary>
    public IReadOnlyCollection<byte[]> TakeAll()
    {
        IReadOnlyCollection<byte[]> lost = _replies ?? [];
        _replies = null;
        Volatile.Write(ref _count, 0);
        return lost;
    }
}
