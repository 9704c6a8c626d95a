namespace Bus.Core.Messages;

/// <summary>The fences that an endpoint actor waits for, answered in the order in which they were started. Single-threaded.</summary>
internal sealed class FenceQueue
{
    private readonly Queue<Fence> _fences = new();

    /// <summary>Takes a fence that arrived: its start, or one hop coming back.</summary>
    public void Arrived(Fence fence)
    {
        if (fence.IsStarted)
        {
            fence.Return();
        }
        else
        {
            fence.IsStarted = true;
            _fences.Enqueue(fence);
        }
    }

    /// <summary>What the fences that are not complete were started for, when their endpoint ends.</summary>
    public IEnumerable<object?> Tags => _fences.Select(fence => fence.Tag);

    /// <summary>The next fence that is complete, with all before it.</summary>
    public bool TryComplete(out Fence fence) => _fences.TryPeek(out fence!) && fence.IsDone && _fences.TryDequeue(out fence!);
}
