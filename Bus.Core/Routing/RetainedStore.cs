using System.Globalization;

namespace Bus.Core.Routing;

/// <summary>The last values of topics, within bounds. Thread-safe.</summary>
/// <remarks>
/// Whoever keeps a value holds <see cref="Sync"/> until the message is told to the topic actors (a client's reader, whose topic keeps every message, from the first
/// of them in a read until all that was read is told), and the topic manager holds it while it makes subscriptions
/// visible and hands them what is kept. So for a subscription a value is either kept before it came, and then it is welcomed with it, or published after, and then it
/// gets it like anybody else: never neither, never both, never the older one last. All subscriptions see the values of a topic in the order in which they were kept.
/// </remarks>
internal sealed class RetainedStore(RetainedOptions options, TimeProvider time)
{
    private readonly Dictionary<byte[], RetainedValue> _values = new(Utf8Comparer.Instance);
    private long _lastNumber;
    private int _count;

    public Lock Sync { get; } = new();

    public RetainedOptions Options => options;

    public int Count => Volatile.Read(ref _count);

    public long Bytes { get; private set; }

    /// <summary>Messages that did not fit.</summary>
    public long Refused { get; private set; }

    /// <summary>Keeps a message as the last value of its topic; one with an empty payload clears it.</summary>
    /// <returns>Null when that is done, else why it is not.</returns>
    public string? TrySet(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        lock (Sync)
        {
            var values = _values.GetAlternateLookup<ReadOnlySpan<byte>>();
            values.TryGetValue(topic, out var before);
            if (payload.IsEmpty)
            {
                if (before is not null) Replace(before, with: null);
                return null;
            }

            var value = new RetainedValue(before?.Topic ?? topic.ToArray(), headers, payload, time.GetUtcNow(), ++_lastNumber);
            if (Problem(before, value) is not { } problem)
            {
                Replace(before, value);
                return null;
            }

            Refused++;
            return problem;
        }
    }

    public RetainedValue? Find(ReadOnlySpan<byte> topic)
    {
        lock (Sync) return _values.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(topic, out var value) ? value : null;
    }

    /// <summary>The values of all topics that a filter matches, in the order in which they were kept.</summary>
    public IReadOnlyList<RetainedValue> Matching(ReadOnlySpan<byte> filter)
    {
        if (!Topic.HasWildcard(filter)) return Find(filter) is { } value ? [value] : [];
        var found = new List<RetainedValue>();
        lock (Sync)
        {
            foreach (var value in _values.Values)
            {
                if (Topic.Matches(filter, value.Topic)) found.Add(value);
            }
        }

        found.Sort(static (one, other) => one.Number.CompareTo(other.Number));
        return found;
    }

    /// <summary>Forgets the values of all topics that a filter matches.</summary>
    public void Drop(ReadOnlySpan<byte> filter)
    {
        lock (Sync)
        {
            foreach (var value in Matching(filter)) Replace(value, with: null);
        }
    }

    private string? Problem(RetainedValue? before, RetainedValue value)
    {
        if (before is null && _values.Count >= options.MaxValues)
            return string.Create(CultureInfo.InvariantCulture, $"The bus keeps the last values of {_values.Count:N0} topics already, which is all it may: clear some, or raise the limit.");
        var bytes = Bytes - (before?.Size ?? 0) + value.Size;
        return bytes <= options.MaxBytes
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"With this one of {Plural.Of(value.Size, "byte")} the last values of topics would take {Plural.Of(bytes, "byte")}, and the bus may keep {options.MaxBytes:N0}: clear some, or raise the limit.");
    }

    private void Replace(RetainedValue? before, RetainedValue? with)
    {
        Bytes += (with?.Size ?? 0) - (before?.Size ?? 0);
        if (with is not null) _values[with.Topic] = with;
        else _values.Remove(before!.Topic);
        Volatile.Write(ref _count, _values.Count);
    }
}
