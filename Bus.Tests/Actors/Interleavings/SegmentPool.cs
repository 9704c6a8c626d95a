namespace Bus.Tests.Actors.Interleavings;

/// <summary>In the place of the real pool: one for all threads, which lends at once what was returned last, and so small segments that a few messages fill them.</summary>
internal sealed class SegmentPool(int capacity)
{
    private readonly Stack<MessageSegment> _free = new();

    public static SegmentPool Small { get; private set; } = new(2);

    public static SegmentPool Large { get; private set; } = new(4);

    /// <summary>Each run begins with the same segments.</summary>
    public static void Reset() => (Small, Large) = (new(2), new(4));

    public static SegmentPool For(MessageSegment segment) => segment.Capacity == 2 ? Small : Large;

    public MessageSegment Rent()
    {
        if (!_free.TryPop(out var segment)) return new MessageSegment(capacity);
        segment.Next = null;
        return segment;
    }

    public void Return(MessageSegment segment)
    {
        Assert.DoesNotContain(segment, _free);
        _free.Push(segment);
    }
}
