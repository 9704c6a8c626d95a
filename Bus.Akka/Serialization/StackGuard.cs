using System.Runtime.CompilerServices;

namespace Bus.Akka.Serialization;

/// <summary>
/// Bounds the recursion of Hyperion, which would otherwise end the process: both ways it touches its stream at every level, and there the distance to
/// where it began is measured.
/// </summary>
internal readonly struct StackGuard(nint start)
{
    // About a hundred levels. Not more, though the stack is larger: Hyperion wraps an error once a level, and throwing from within so many handlers needs a
    // multiple of the stack that the levels themselves took. 1.5 MiB, what a thread of the pool has, did not do for 256 KiB of levels.
    private const int Limit = 64 * 1024;

    public static StackGuard Here() => new(Position());

    public void Check()
    {
        if (Math.Abs(start - Position()) > Limit || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new InvalidDataException("The objects are nested too deeply (about a hundred levels are the limit). Send a list instead of a chain.");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint Position()
    {
        byte marker = 0;
        return Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref marker);
    }
}
