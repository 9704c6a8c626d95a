using System.Buffers.Text;
using System.Text;

namespace Bus.Core.Endpoint;

/// <summary>
/// The requests of one endpoint that wait for a reply. A reply's topic is the inbox's prefix and a token: the number of a
/// slot, which makes the look-up an array access, and a code that nobody can guess, so that who answers one request cannot
/// answer another, and a late reply never meets the request that has the slot now. Owned by the endpoint actor; not thread-safe.
/// </summary>
internal sealed class InboxTable(TimeProvider time)
{
    private const int SlotBits = 24;
    private const int MaxSlots = 1 << SlotBits;
    private const int MaxTokenLength = 16;

    // A token is never zero.
    private const ulong IsSet = 1UL << 63;

    // Timers finer than this would make many timeouts cost a walk over the slots each.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly byte[] _prefix = Encoding.ASCII.GetBytes($"_INBOX.{RandomName.Hex(20)}.");
    private readonly NumberCipher _cipher = new();
    private readonly Stack<int> _free = new();
    private readonly EndedRequests _ended = new();
    private RequestCommand?[] _slots = new RequestCommand?[16];
    private ulong _count;
    private int _used;

    /// <summary>What the endpoint subscribes to.</summary>
    public string Filter => Encoding.ASCII.GetString(_prefix) + "*";

    /// <summary>Requests that wait.</summary>
    public int Count => _used - _free.Count;

    public int MaxReplyToLength => _prefix.Length + MaxTokenLength;

    /// <summary>Gives the request a slot and a deadline.</summary>
    /// <returns>False when 16 million requests wait already.</returns>
    public bool TryAdd(RequestCommand request)
    {
        if (!_free.TryPop(out var slot))
        {
            if (_used == MaxSlots) return false;
            slot = _used++;
            if (slot == _slots.Length) Array.Resize(ref _slots, slot * 2);
        }

        _slots[slot] = request;
        request.Token = IsSet | (_cipher.Of(++_count) << SlotBits) | (uint)slot;
        // One that is sent again keeps its own.
        if (request.Deadline == 0) request.Deadline = request.Timeout == Timeout.InfiniteTimeSpan ? long.MaxValue : time.GetTimestamp() + (long)(request.Timeout.TotalSeconds * time.TimestampFrequency);
        return true;
    }

    /// <summary>Writes the reply-to of a request.</summary>
    /// <returns>Bytes written.</returns>
    public int WriteReplyTo(RequestCommand request, Span<byte> target)
    {
        _prefix.CopyTo(target);
        Utf8Formatter.TryFormat(request.Token, target[_prefix.Length..], out var count, 'x');
        return _prefix.Length + count;
    }

    /// <summary>Takes the request that a reply on this topic is for. False: it is late, or not for us.</summary>
    public bool TryTake(ReadOnlySpan<byte> topic, out RequestCommand request)
    {
        request = null!;
        if (!TryRead(topic, out var token)) return false;
        var slot = (int)(token & (MaxSlots - 1));
        if (slot >= _used || _slots[slot] is not { } found || found.Token != token) return false;
        request = found;
        Free(slot);
        return true;
    }

    /// <summary>The topic of the request that a late reply on this topic is for. Null: nobody knows any more.</summary>
    public string? TopicOfEnded(ReadOnlySpan<byte> topic) => TryRead(topic, out var token) ? _ended.TopicOf(token) : null;

    /// <summary>Frees the slot of a request that was given up.</summary>
    /// <returns>False when it had none any more.</returns>
    public bool Remove(RequestCommand request)
    {
        var slot = (int)(request.Token & (MaxSlots - 1));
        if (request.Token == 0 || slot >= _used || !ReferenceEquals(_slots[slot], request)) return false;
        _ended.Add(request);
        Free(slot);
        return true;
    }

    /// <summary>Takes every request whose time is up.</summary>
    public IReadOnlyList<RequestCommand> TakeExpired()
    {
        var now = time.GetTimestamp();
        return Take(request => request.Deadline <= now);
    }

    /// <summary>Those that wait and have been sent, in that order.</summary>
    public IReadOnlyList<RequestCommand> Sent() => [.. _slots.OfType<RequestCommand>().Where(request => request.IsSent).OrderBy(request => request.Order)];

    public IReadOnlyList<RequestCommand> TakeAll() => Take(_ => true);

    /// <summary>Takes every request that has been sent.</summary>
    public IReadOnlyList<RequestCommand> TakeSent() => Take(request => request.IsSent);

    /// <summary>Time until the next deadline. Null when nobody waits, or all have all the time they need.</summary>
    public TimeSpan? NextDue()
    {
        if (Count == 0) return null;
        var next = long.MaxValue;
        for (var slot = 0; slot < _used; slot++)
        {
            if (_slots[slot] is { } request) next = Math.Min(next, request.Deadline);
        }

        if (next == long.MaxValue) return null;
        var due = time.GetElapsedTime(time.GetTimestamp(), next);
        return due < Tick ? Tick : due;
    }

    private List<RequestCommand> Take(Predicate<RequestCommand> condition)
    {
        var taken = new List<RequestCommand>();
        for (var slot = 0; slot < _used; slot++)
        {
            if (_slots[slot] is not { } request || !condition(request)) continue;
            taken.Add(request);
            _ended.Add(request);
            Free(slot);
        }

        return taken;
    }

    private bool TryRead(ReadOnlySpan<byte> topic, out ulong token)
    {
        token = 0;
        if (!topic.StartsWith(_prefix)) return false;
        var text = topic[_prefix.Length..];
        return Utf8Parser.TryParse(text, out token, out var consumed, 'x') && consumed == text.Length;
    }

    private void Free(int slot)
    {
        _slots[slot] = null;
        _free.Push(slot);
    }
}
