using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Core.Routing;

namespace Bus.Core.Endpoint;

/// <summary>
/// The publishing side of the bus in this process: what callers gave becomes batches for the topics; requests are collected and
/// told once per run of the endpoint's mailbox. Owned by the endpoint actor.
/// </summary>
internal sealed class LocalPublisher(Router router, LocalProducer producer, EndpointLink link) : IDisposable
{
    // Less room than this is not worth keeping a slab for.
    private const int MinRoom = 512;

    private readonly BatchBuilder _builder = new(router, producer, refused: (topic, refusal) => link.Refused(topic, refusal.Text));
    private Slab? _slab;
    private int _used;
    private bool _filled;

    /// <summary>Tells the messages of a batch to their topics. They stay where they are.</summary>
    public void Publish(OutgoingBatch batch)
    {
        // All messages between two flushes lie in the same slab.
        _builder.Flush();
        try
        {
            for (var i = 0; i < batch.Count; i++) _builder.Append(batch.Slab, batch[i]);
            _builder.Flush();
        }
        finally
        {
            _builder.LetGo();
        }
    }

    /// <summary>Appends a request, with the reply-to that the inbox gave it.</summary>
    public void Append(RequestCommand request, PendingRequests requests)
    {
        var topic = request.TopicBytes;
        var body = request.Body;
        var bytes = Reserve(topic.Length + requests.MaxReplyToLength + body.Length);
        topic.CopyTo(bytes);
        var at = topic.Length;
        var replyLength = requests.WriteReplyTo(request, bytes[at..]);
        at += replyLength;
        body.CopyTo(bytes[at..]);
        _builder.Append(_slab!, new BatchEntry
        {
            TopicOffset = _used,
            TopicLength = topic.Length,
            ReplyOffset = _used + topic.Length,
            ReplyLength = replyLength,
            BodyOffset = _used + at,
            BodyLength = body.Length,
            HeaderLength = request.HeaderLength,
        });
        _used += at + body.Length;
    }

    public void Flush()
    {
        _builder.Flush();
        if (_slab is null) return;
        // Everything is consumed already (or matched nothing): start at the front again.
        if (_slab.IsExclusive && _slab.Bytes.Length <= SlabPool.LargeSize) _used = 0;
        else if (_slab.Bytes.Length - _used < MinRoom) DropSlab();
    }

    public void StartFence(IActorRef endpoint, object tag) => _builder.StartFence(endpoint, tag);

    public bool WantsFence => _builder.WantsFence;

    public void Dispose() => DropSlab();

    private Span<byte> Reserve(int size)
    {
        if (_slab is not null && _slab.Bytes.Length - _used < size)
        {
            // All messages between two flushes lie in the same slab.
            _builder.Flush();
            _filled = true;
            DropSlab();
        }

        // Small first: most publish now and then. One that fills it is a stream and gets large ones.
        _slab ??= producer.Slabs.Rent(Math.Max(size, _filled ? SlabPool.LargeSize : SlabPool.SmallSize));
        return _slab.Bytes.AsSpan(_used);
    }

    private void DropSlab()
    {
        _slab?.Release();
        _slab = null;
        _used = 0;
    }
}
