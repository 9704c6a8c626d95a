using System.Net.Sockets;
using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Transport.Channels;
using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>
/// The outbound side of one connection: formats into the buffer, asks its actor for one flush per mailbox run, and keeps
/// one send in flight. It belongs to the actor; only the completion of a send comes from elsewhere, as a message.
/// </summary>
internal sealed class ConnectionWriter : IDisposable
{
    // From here on a payload is sent from the producer's slab instead of being copied. A quarter of a large slab: what a
    // slow reader can pin is at most four times what it is charged for.
    private const int SliceFrom = SlabPool.LargeSize / 4;

    // Who gives the buffer back at the end: the actor, or, while a send is in flight, its completion.
    private const int Idle = 0;
    private const int Sending = 1;
    private const int Abandoned = 2;

    private readonly BusChannel _channel;
    private readonly IActorRef _actor;
    private readonly OutboundBuffer _buffer;
    private readonly IChannelSender _sender;
    private bool _isFlushDue;
    private bool _isDisposed;
    private int _sendState;

    public ConnectionWriter(BusChannel channel, SlabPool slabs, IActorRef actor)
    {
        _channel = channel;
        _actor = actor;
        _buffer = new OutboundBuffer(slabs);
        _sender = channel.CreateSender(OnSent);
    }

    /// <summary>Bytes appended and not yet sent.</summary>
    public long Pending => _buffer.Pending;

    /// <summary>Everything appended is sent.</summary>
    public bool IsIdle => _buffer.IsEmpty && !_buffer.IsSending;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        _buffer.Append(bytes);
        RequestFlush();
    }

    /// <summary>Appends MSG, or HMSG when the message has headers and the client understands them.</summary>
    public void AppendMessage(PublishBatch batch, int index, byte[] sid, bool headers)
    {
        ref readonly var entry = ref batch[index];
        var headerLength = headers ? entry.HeaderLength : 0;
        var body = headers ? batch.Body(index) : batch.Payload(index);
        var sliced = body.Length >= SliceFrom;

        var target = _buffer.GetSpan(NatsWriter.MaxMsgHeadLength(entry.TopicLength, sid.Length, entry.ReplyLength) + (sliced ? 0 : body.Length + NatsWriter.LineEnd.Length));
        var count = NatsWriter.WriteMsgHead(target, batch.Topic(index), sid, batch.ReplyTo(index), headerLength, body.Length);
        AppendBody(target, count, batch.Slab, entry.BodyOffset + entry.BodyLength - body.Length, body, sliced);
    }

    /// <summary>Appends PUB, or HPUB when the message has headers.</summary>
    public void AppendPublish(Slab slab, in BatchEntry entry)
    {
        var body = slab.Bytes.AsSpan(entry.BodyOffset, entry.BodyLength);
        var sliced = body.Length >= SliceFrom;
        var target = _buffer.GetSpan(NatsWriter.MaxPubHeadLength(entry.TopicLength, entry.ReplyLength) + (sliced ? 0 : body.Length + NatsWriter.LineEnd.Length));
        var count = NatsWriter.WritePubHead(target, slab.Bytes.AsSpan(entry.TopicOffset, entry.TopicLength), slab.Bytes.AsSpan(entry.ReplyOffset, entry.ReplyLength), entry.HeaderLength, body.Length);
        AppendBody(target, count, slab, entry.BodyOffset, body, sliced);
    }

    /// <summary>Sends what is appended, unless a send is in flight: then it goes out with the next one.</summary>
    /// <returns>False when the connection is broken.</returns>
    public bool Flush()
    {
        _isFlushDue = false;
        while (!_buffer.IsSending && !_buffer.IsEmpty)
        {
            Volatile.Write(ref _sendState, Sending);
            var outcome = _sender.Send(_buffer.BeginSend());
            if (outcome is null) return true;
            Volatile.Write(ref _sendState, Idle);
            _buffer.Sent();
            if (outcome != SocketError.Success) return false;
        }

        return true;
    }

    /// <summary>The send in flight is done.</summary>
    /// <returns>False when it failed.</returns>
    public bool Completed(SocketError outcome)
    {
        _buffer.Sent();
        return outcome == SocketError.Success;
    }

    /// <summary>Closes the connection. A send that is still in flight ends with it; until then the kernel may read its slabs.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (Interlocked.CompareExchange(ref _sendState, Abandoned, Sending) != Sending) GiveBack();
        _channel.Dispose();
    }

    /// <summary>A send that had to wait is done. Called from an IO thread, which touches the buffer only when the actor is gone.</summary>
    private void OnSent(SocketError outcome)
    {
        if (Interlocked.CompareExchange(ref _sendState, Idle, Sending) == Sending) _actor.Tell(new SendCompleted(outcome), ActorRefs.NoSender);
        else GiveBack();
    }

    private void GiveBack()
    {
        _buffer.Clear();
        _sender.Dispose();
    }

    private void AppendBody(Span<byte> target, int count, Slab slab, int offset, ReadOnlySpan<byte> body, bool sliced)
    {
        if (sliced)
        {
            _buffer.Advance(count);
            _buffer.AppendSlice(slab, offset, body.Length);
            _buffer.Append(NatsWriter.LineEnd);
        }
        else
        {
            body.CopyTo(target[count..]);
            NatsWriter.LineEnd.CopyTo(target[(count + body.Length)..]);
            _buffer.Advance(count + body.Length + NatsWriter.LineEnd.Length);
        }

        RequestFlush();
    }

    private void RequestFlush()
    {
        if (_isFlushDue || _buffer.IsSending) return;
        _isFlushDue = true;
        _actor.Tell(Connections.Flush.Instance, ActorRefs.NoSender);
    }
}
