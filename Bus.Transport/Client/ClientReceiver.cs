using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text;
using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Transport.Connections;
using Bus.Transport.Nats;

namespace Bus.Transport.Client;

/// <summary>
/// The reader's side of a connection to a bus: the messages of one read become one batch per subscription, told to its actor;
/// everything else goes to the connection actor.
/// </summary>
internal sealed class ClientReceiver(IActorRef connection, ClientInbound inbound, ConcurrentDictionary<long, ClientSubscriber> subscribers) : IReaderSession
{
    private static readonly NatsRules Rules = NatsRules.FromServer();

    private readonly List<ClientSubscriber> _open = [];
    private ClientSubscriber? _last;
    private volatile bool _heard;

    public Gate Credit => inbound.Credit;

    /// <summary>Nothing to wait for on this side.</summary>
    public Gate Registrations { get; } = new(0);

    /// <summary>Whether anything was received since the last call.</summary>
    public bool TakeHeard()
    {
        var heard = _heard;
        _heard = false;
        return heard;
    }

    public SessionProgress Consume(ReadBuffer buffer, out int needed)
    {
        needed = 0;
        if (!_heard) _heard = true;
        var progress = SessionProgress.NeedsMore;
        while (buffer.Length > 0)
        {
            var input = buffer.Unparsed;
            var result = NatsParser.Parse(input, Rules, out var frame);
            if (result.Status == NatsParseStatus.Incomplete)
            {
                needed = result.Needed;
                break;
            }

            if (result.Status == NatsParseStatus.Invalid)
            {
                Tell(new ErrorReceived($"the bus sent something that is not of the NATS protocol ({result.Error!.Text})"));
                progress = SessionProgress.Ended;
                break;
            }

            Handle(buffer, input, frame);
            buffer.Consume(frame.Consumed);
        }

        Flush();
        return progress;
    }

    public void End() => Flush();

    private void Handle(ReadBuffer buffer, ReadOnlySpan<byte> input, in NatsFrame frame)
    {
        switch (frame.Op)
        {
            case NatsOp.Msg or NatsOp.HMsg:
                Receive(buffer, input, frame);
                break;
            case NatsOp.Ping:
                Tell(PongOwed.Instance);
                break;
            case NatsOp.Pong:
                Tell(PongReceived.Instance);
                break;
            case NatsOp.Info:
                Tell(new InfoReceived(frame.Argument.Of(input).ToArray()));
                break;
            case NatsOp.Err:
                Tell(new ErrorReceived(Encoding.UTF8.GetString(frame.Argument.Of(input))));
                break;
        }
    }

    private void Receive(ReadBuffer buffer, ReadOnlySpan<byte> input, in NatsFrame frame)
    {
        if (Find(frame.Sid.Of(input)) is not { } subscriber) return;
        if (subscriber.Open is not { } batch)
        {
            batch = subscriber.Open = PublishBatch.Rent(buffer.Slab, inbound);
            _open.Add(subscriber);
        }

        var start = buffer.Start;
        batch.Add(new BatchEntry
        {
            TopicOffset = start + frame.Subject.Offset,
            TopicLength = frame.Subject.Length,
            ReplyOffset = start + frame.ReplyTo.Offset,
            ReplyLength = frame.ReplyTo.Length,
            BodyOffset = start + frame.BodyOffset,
            BodyLength = frame.BodyLength,
            HeaderLength = frame.HeaderLength,
        });
    }

    /// <summary>The subscription of a sid. Null: it has ended, and this was still on its way.</summary>
    private ClientSubscriber? Find(ReadOnlySpan<byte> text)
    {
        if (!Utf8Parser.TryParse(text, out long sid, out _)) return null;
        // The last one may have ended meanwhile; its actor gives back what it is told then.
        if (_last?.Sid == sid) return _last;
        return subscribers.TryGetValue(sid, out var found) ? _last = found : null;
    }

    /// <summary>What is told to a subscription comes before what is told to the connection, in the order of the wire.</summary>
    private void Tell(object message)
    {
        Flush();
        connection.Tell(message, ActorRefs.NoSender);
    }

    private void Flush()
    {
        foreach (var subscriber in _open)
        {
            var batch = subscriber.Open!;
            subscriber.Open = null;
            var delivery = batch.NextDelivery(subscriber);
            delivery.TakeWhole();
            batch.SealDeliveries();
            inbound.Sent(batch.Weight);
            subscriber.Recipient.Tell(delivery, ActorRefs.NoSender);
            batch.Release();
        }

        _open.Clear();
    }
}
