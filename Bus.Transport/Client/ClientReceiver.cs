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
internal sealed class ClientReceiver(IActorRef connection, ClientInbound inbound, ConcurrentDictionary<long, ClientSubscriber> subscribers) : FrameSession(NatsRules.FromServer())
{
    private readonly List<ClientSubscriber> _open = [];
    private ClientSubscriber? _last;

    public override Gate Credit => inbound.Credit;

    public override void End() => Flush();

    protected override SessionProgress Handle(ReadBuffer buffer, ReadOnlySpan<byte> input, in NatsFrame frame)
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

        return SessionProgress.NeedsMore;
    }

    protected override SessionProgress Fault(NatsError error)
    {
        Tell(new ErrorReceived($"the bus sent something that is not of the NATS protocol ({error.Text})", IsFault: true));
        return SessionProgress.Ended;
    }

    private void Receive(ReadBuffer buffer, ReadOnlySpan<byte> input, in NatsFrame frame)
    {
        if (Find(frame.Sid.Of(input)) is not { } subscriber)
        {
            // It has crossed the end of its subscription: whoever asked hears that nobody here answers.
            if (!frame.ReplyTo.IsEmpty) inbound.Refuse(frame.ReplyTo.Of(input));
            return;
        }

        if (subscriber.Open is not { } batch)
        {
            batch = subscriber.Open = PublishBatch.Rent(buffer.Slab, inbound);
            _open.Add(subscriber);
        }

        batch.Add(Entry(buffer, frame));
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

    protected override void Flush()
    {
        foreach (var subscriber in _open)
        {
            var batch = subscriber.Open!;
            subscriber.Open = null;
            var delivery = batch.NextDelivery(subscriber);
            delivery.TakeWhole();
            // As far as it is known here.
            delivery.IsSole = true;
            batch.SealDeliveries();
            inbound.Sent(batch.Weight);
            subscriber.Recipient.Tell(delivery, ActorRefs.NoSender);
            batch.Release();
        }

        _open.Clear();
    }
}
