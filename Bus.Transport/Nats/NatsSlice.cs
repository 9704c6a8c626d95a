namespace Bus.Transport.Nats;

/// <summary>A part of the span that a frame was parsed from. Offsets, not spans, so that a frame outlives the stack and survives a move to another slab.</summary>
internal readonly record struct NatsSlice(int Offset, int Length)
{
    public bool IsEmpty => Length == 0;

    public int End => Offset + Length;

    /// <summary>The bytes; <paramref name="input"/> is the span that was given to the parser.</summary>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> input) => input.Slice(Offset, Length);
}
