#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>
/// How long the test may still wait: the innermost <c>Within</c> block, or the default for one expectation. Real time, because it guards against
/// actors that never answer; the time that actors see is the scheduler's.
/// </summary>
internal sealed class TimeFrame
{
    /// <summary>Generous, for it only ends tests that fail anyway.</summary>
    private static readonly TimeSpan SingleExpectDefault = TimeSpan.FromSeconds(30);

    private TimeSpan? _end;

    public static TimeSpan Now => TimeProvider.System.GetElapsedTime(0);

    public TimeSpan RemainingOrDefault => _end is null ? SingleExpectDefault : Remaining;

    public TimeSpan Remaining
    {
        get
        {
            var end = _end ?? throw new InvalidOperationException("Remaining is only known inside a Within block; use RemainingOrDefault.");
            var left = end - Now;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public TimeSpan RemainingOr(TimeSpan? duration) => duration ?? RemainingOrDefault;

    /// <summary>Opens a Within block that ends after <paramref name="max"/>, or with the block around it; close it by <see cref="Leave"/>.</summary>
    public Block Enter(TimeSpan max)
    {
        var block = new Block(_end, Now);
        var end = block.Start + max;
        _end = _end is { } outer && outer < end ? outer : end;
        return block;
    }

    public void Leave(Block block) => _end = block.Outer;

    public static void Check(Block block, TimeSpan min, TimeSpan max, TimeSpan epsilon, string hint)
    {
        var elapsed = Now - block.Start;
        var suffix = string.IsNullOrEmpty(hint) ? "" : $" [{hint}]";
        if (elapsed + epsilon < min) throw new ExpectationException($"The Within block took {elapsed}, but should take at least {min}{suffix}.");
        if (elapsed - epsilon > max) throw new ExpectationException($"The Within block took {elapsed}, but should take at most {max}{suffix}.");
    }

    internal readonly record struct Block(TimeSpan? Outer, TimeSpan Start);
}
