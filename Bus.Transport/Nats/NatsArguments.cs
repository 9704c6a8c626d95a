using System.Runtime.CompilerServices;

namespace Bus.Transport.Nats;

/// <summary>The arguments of one line, split at spaces and tabs.</summary>
internal struct NatsArguments
{
    /// <summary>The most that any verb takes (HMSG).</summary>
    public const int Capacity = 5;

    private Slots _slots;

    /// <summary>How many there are; <see cref="Capacity"/> + 1 stands for "too many".</summary>
    public int Count { get; private set; }

    public readonly NatsSlice this[int index] => _slots[index];

    /// <summary>
    /// Splits <paramref name="line"/> of the input. False when a carriage return is inside: nats-server splits or keeps it, depending on the verb; a subject with one in it
    /// would corrupt the lines of those who receive it.
    /// </summary>
    public bool TrySplit(ReadOnlySpan<byte> input, NatsSlice line)
    {
        Count = 0;
        var end = line.End;
        var at = line.Offset;
        while (true)
        {
            while (at < end && input[at] is (byte)' ' or (byte)'\t') at++;
            if (at == end) return true;

            var start = at;
            while (at < end && input[at] is not ((byte)' ' or (byte)'\t'))
            {
                if (input[at] == (byte)'\r') return false;
                at++;
            }

            if (Count < Capacity) _slots[Count] = new NatsSlice(start, at - start);
            if (Count <= Capacity) Count++;
        }
    }

    [InlineArray(Capacity)]
    private struct Slots
    {
        private NatsSlice _first;
    }
}
