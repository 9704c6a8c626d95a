namespace Bus.Transport.Nats;

/// <summary>Decimal numbers of the protocol: digits only, no sign, no blanks.</summary>
internal static class NatsNumber
{
    public const long Malformed = -1;

    /// <summary>The value, <see cref="long.MaxValue"/> for one that does not fit, or <see cref="Malformed"/>.</summary>
    public static long Parse(ReadOnlySpan<byte> digits)
    {
        if (digits.IsEmpty) return Malformed;
        long value = 0;
        foreach (var digit in digits)
        {
            var next = (uint)(digit - '0');
            if (next > 9) return Malformed;
            value = value > (long.MaxValue - 9) / 10 ? long.MaxValue : (value * 10) + next;
        }

        return value;
    }
}
