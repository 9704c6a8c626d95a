using System.Buffers.Binary;
using System.Numerics;

namespace Bus.Core;

/// <summary>
/// Gives numbers that nobody can guess who does not have the key, however many of them are known: SipHash-2-4 of a number, under a key of its own. Each costs some nanoseconds and
/// no memory, where the random source of the system costs a call of the system. Thread-safe.
/// </summary>
/// <param name="key">16 bytes that nobody else knows.</param>
internal sealed class NumberCipher(ReadOnlySpan<byte> key)
{
    private readonly ulong _low = BinaryPrimitives.ReadUInt64LittleEndian(key);
    private readonly ulong _high = BinaryPrimitives.ReadUInt64LittleEndian(key[8..]);

    /// <summary>With a random key: see <see cref="RandomName"/> for why it comes from Guids.</summary>
    public NumberCipher()
        : this((ReadOnlySpan<byte>)[.. Guid.NewGuid().ToByteArray().AsSpan(8), .. Guid.NewGuid().ToByteArray().AsSpan(8)])
    {
    }

    public ulong Of(ulong number)
    {
        var state = (_low ^ 0x736f6d6570736575, _high ^ 0x646f72616e646f6d, _low ^ 0x6c7967656e657261, _high ^ 0x7465646279746573);
        state = Compress(state, number);
        // The last block holds the length, 8 bytes.
        state = Compress(state, 8UL << 56);
        state.Item3 ^= 0xff;
        state = Round(Round(Round(Round(state))));
        return state.Item1 ^ state.Item2 ^ state.Item3 ^ state.Item4;
    }

    private static (ulong, ulong, ulong, ulong) Compress((ulong A, ulong B, ulong C, ulong D) state, ulong block)
    {
        state.D ^= block;
        state = Round(Round(state));
        state.A ^= block;
        return state;
    }

    private static (ulong, ulong, ulong, ulong) Round((ulong A, ulong B, ulong C, ulong D) state)
    {
        var (a, b, c, d) = state;
        a += b;
        b = BitOperations.RotateLeft(b, 13) ^ a;
        a = BitOperations.RotateLeft(a, 32);
        c += d;
        d = BitOperations.RotateLeft(d, 16) ^ c;
        a += d;
        d = BitOperations.RotateLeft(d, 21) ^ a;
        c += b;
        b = BitOperations.RotateLeft(b, 17) ^ c;
        c = BitOperations.RotateLeft(c, 32);
        return (a, b, c, d);
    }
}
