
namespace Bus.Core.Messages;

/// <summary>
/// What a recipient is told: the messages of a batch that are for one of its subscriptions. The recipient calls
/// <see cref="Dispose"/> exactly once, when it has copied or discarded them; that is what returns credit to the producer.
/// </summary>
internal sealed class Delivery(PublishBatch batch) : IDisposable
{
    private int[] _indexes = [];
    private int _count;

    public PublishBatch Batch => batch;

    public Subscriber Subscriber { get; private set; } = null!;

    /// <summary>Whether it carries the whole batch; a queue member gets a part of it.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Nobody else got these messages: whoever drops them owes the requester an answer.</summary>
    public bool IsSole { get; set; }

    /// <summary>How many members of its queue group have handed it back. Owned by the topic actor.</summary>
    public int HandBacks { get; set; }

    /// <summary>The last member of its queue group that had no room for it. Owned by the topic actor.</summary>
    public Subscriber? SlowMember { get; set; }

    /// <summary>Telling it failed: its recipient does not have it. Owned by the topic actor.</summary>
    public bool IsLost { get; set; }

    public int Count => IsWhole ? batch.Count : _count;

    /// <summary>The index in the batch of the n-th message of this delivery.</summary>
    public int this[int n] => IsWhole ? n : _indexes[n];

    internal void Reset(Subscriber subscriber)
    {
        Subscriber = subscriber;
        _count = 0;
        IsWhole = false;
        IsSole = false;
        IsLost = false;
        HandBacks = 0;
        SlowMember = null;
    }

    /// <summary>Whether the message with this index is part of it. Indexes ascend.</summary>
    internal bool Has(int index) => IsWhole || Array.BinarySearch(_indexes, 0, _count, index) >= 0;

    /// <summary>Gives it to another member of the same queue group.</summary>
    internal void Redirect(Subscriber subscriber) => Subscriber = subscriber;

    /// <summary>The first messages were taken. Only in the turn of the topic actor, and only for what was picked for a queue member.</summary>
    internal void Skip(int messages)
    {
        if (messages == 0) return;
        _count -= messages;
        Array.Copy(_indexes, messages, _indexes, 0, _count);
    }

    internal void TakeWhole() => IsWhole = true;

    internal void Take(int index)
    {
        if (_count == _indexes.Length) Array.Resize(ref _indexes, Math.Max(16, _count * 2));
        _indexes[_count++] = index;
    }

    public void Dispose() => batch.Release();
}
