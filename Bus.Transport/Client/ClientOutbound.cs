using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Transport.Channels;
using Bus.Transport.Connections;
using Bus.Transport.Nats;

namespace Bus.Transport.Client;

/// <summary>
/// What a client's connection sends: messages as PUB frames, and lines as they are. What waits to be sent counts in the window of those who publish. Before the
/// channel is there, as when a bus is given up early, messages are dropped. Owned by the connection actor.
/// </summary>
internal sealed class ClientOutbound(ClientSetup setup)
{
    // A head has at most a topic, a reply-to and some digits.
    private readonly byte[] _head = new byte[NatsWriter.MaxPubHeadLength(Bus.Core.Topic.MaxLength, Bus.Core.Topic.MaxLength)];
    private ConnectionWriter? _writer;
    private long _counted;

    /// <summary>The channel is there.</summary>
    public void Open(BusChannel channel, IActorRef actor) => _writer = new ConnectionWriter(channel, setup.Environment.Slabs, actor);

    public void Publish(OutgoingBatch batch)
    {
        batch.Seal();
        if (_writer is not null)
        {
            for (var i = 0; i < batch.Count; i++) _writer.AppendPublish(batch.Slab, batch[i]);
            Count();
        }

        batch.Return();
    }

    public void Publish(OfflineMessage message)
    {
        Publish(message.Topic, message.ReplyTo, message.HeaderLength, message.Body);
        message.Release();
    }

    public void Publish(SendRequest send)
    {
        var (request, requests) = (send.Request, send.Requests);
        Span<byte> inbox = stackalloc byte[requests.MaxReplyToLength];
        var reply = inbox[..requests.WriteReplyTo(request, inbox)];
        if (request.Copy is { } copy)
        {
            Publish(copy.Topic, reply, copy.HeaderLength, copy.Body);
            return;
        }

        var message = request.Message;
        Publish(message.Topic, reply, message.HeaderLength, message.Body);
        message.Return();
    }

    /// <summary>A message for the bus alone, which counts in no window.</summary>
    public void Say(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> headers = default, ReadOnlySpan<byte> payload = default)
    {
        Append(_head.AsSpan(0, NatsWriter.WritePubHead(_head, topic, replyTo: default, headers.Length, headers.Length + payload.Length)));
        Append(headers);
        Append(payload);
        Append(NatsWriter.LineEnd);
    }

    public void Append(ReadOnlySpan<byte> line) => _writer!.Append(line);

    /// <inheritdoc cref="ConnectionWriter.Completed" />
    public bool Completed(SendCompleted completed) => _writer!.Completed(completed.Outcome);

    /// <inheritdoc cref="ConnectionWriter.Flush" />
    public bool Flush()
    {
        if (!_writer!.Flush()) return false;
        Count();
        return true;
    }

    /// <summary>Closes the channel.</summary>
    /// <param name="isWanted">Whether that is what the client wants; if not, what was not sent is news.</param>
    public void Close(bool isWanted)
    {
        if (_writer is null) return;
        if (_writer.Pending > 0 && !isWanted) setup.Link.Notice(BusNoticeKind.MessagesLost, $"The connection broke with {Plural.Of(_writer.Pending, "byte")} that were not sent.");
        _writer.Dispose();
        setup.Link.Window.Leave(_counted);
    }

    private void Publish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> reply, int headerLength, ReadOnlySpan<byte> body)
    {
        if (_writer is null) return;
        _writer.Append(_head.AsSpan(0, NatsWriter.WritePubHead(_head, topic, reply, headerLength, body.Length)));
        _writer.Append(body);
        _writer.Append(NatsWriter.LineEnd);
        Count();
    }

    private void Count()
    {
        var change = _writer!.Pending - _counted;
        _counted = _writer.Pending;
        if (change > 0) setup.Link.Window.Enter(change);
        else if (change < 0) setup.Link.Window.Leave(-change);
    }
}
