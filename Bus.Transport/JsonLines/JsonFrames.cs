using System.Buffers.Text;
using System.Globalization;
using Bus.Transport.Nats;

namespace Bus.Transport.JsonLines;

/// <summary>Turns what the connection says to its client, in the protocol of NATS, into lines. Frames may come in any pieces. Single-threaded.</summary>
internal sealed class JsonFrames(JsonSession session)
{
    private static readonly NatsRules Rules = NatsRules.FromServer();

    private readonly ByteQueue _bytes = new();
    private int _needed;

    private JsonPen Pen => session.Pen;

    /// <summary>Takes a piece, and every frame that is complete with it.</summary>
    public void Take(ReadOnlySpan<byte> piece)
    {
        piece.CopyTo(_bytes.GetSpan(piece.Length));
        _bytes.Advance(piece.Length);
        while (_bytes.Length > 0 && _bytes.Length >= _needed)
        {
            var input = _bytes.Unread;
            var result = NatsParser.Parse(input, Rules, out var frame);
            _needed = result.Status == NatsParseStatus.Incomplete ? result.Needed : 0;
            if (result.Status == NatsParseStatus.Invalid) throw new InvalidOperationException($"The connection has said something that is not of its protocol: {result.Error}.");
            if (result.Status == NatsParseStatus.Incomplete) break;
            Handle(input, frame);
            _bytes.Consume(frame.Consumed);
        }

        _bytes.Rest();
    }

    /// <summary>Says one line more of what it has been told before.</summary>
    /// <returns>False: that was all.</returns>
    public bool Continue() => session.Calls.ExplainNext();

    public void Drop() => _bytes.Drop();

    private void Handle(ReadOnlySpan<byte> input, in NatsFrame frame)
    {
        switch (frame.Op)
        {
            case NatsOp.Msg or NatsOp.HMsg:
                Message(input, frame);
                break;
            case NatsOp.Pong:
                session.Passed();
                break;
            case NatsOp.Ping when session.AnswersPings:
                Pen.Begin("ping");
                Pen.End();
                break;
            case NatsOp.Ping:
                // Here it comes behind all that was sent before: a client that does not read is found to be stale all the same.
                session.Nats.Pong();
                break;
            case NatsOp.Info:
                if (NatsJson.TryReadInfo(frame.Argument.Of(input), out var info)) Greet(info);
                break;
            case NatsOp.Err:
                Error(JsonPen.Read(frame.Argument.Of(input)));
                break;
        }
    }

    private void Greet(ServerInfo info)
    {
        if (!info.LameDuck)
        {
            session.Server = info;
            return;
        }

        session.IsLeaving = true;
        Pen.Begin("closing");
        Pen.Error("bus-stopping", info.Bus?.ComesBack == false ? "The bus stops, and does not come back." : "The bus stops.");
        if (info.Bus?.ComeBackMs is { } time) Pen.Number("comeBackMs", time);
        Pen.End();
    }

    private void Message(ReadOnlySpan<byte> input, in NatsFrame frame)
    {
        var body = input.Slice(frame.BodyOffset, frame.BodyLength);
        var block = body[..frame.HeaderLength];
        var payload = body[frame.HeaderLength..];
        var sid = Utf8Parser.TryParse(frame.Sid.Of(input), out long number, out _) ? number : 0;
        if (sid == JsonSubscriptions.InboxSid)
        {
            session.Answers.Take(JsonPen.Read(frame.Subject.Of(input)), block, payload);
            session.Answered();
            return;
        }

        // It has ended, and this was still on its way.
        if (session.Subscriptions.Find(sid) is not { } subscription) return;
        Pen.Begin("msg");
        Pen.String("sub", subscription.Name);
        Pen.String("topic", frame.Subject.Of(input));
        Pen.String("reply", frame.ReplyTo.IsEmpty ? default : frame.ReplyTo.Of(input));
        Pen.Content(block, payload, subscription.Form);
        Pen.End();
        if (subscription.Left is not null && --subscription.Left == 0) Spent(subscription);
    }

    private void Spent(JsonSubscription subscription)
    {
        session.Subscriptions.Remove(subscription);
        // Of one filter the bus has counted by itself.
        if (subscription.Filters.Count == 1) return;
        foreach (var sid in subscription.Sids) session.Nats.Unsubscribe(sid);
    }

    private void Error(string text)
    {
        if (SubscriptionError.Read(text) is { } about && session.Subscriptions.Find(about.Sid) is { } subscription)
        {
            if (about.Error == SubscriptionError.MessagesDropped) Dropped(subscription, about.Text);
            else session.End(subscription, new JsonFault(about.Error, about.Text), about.Sid);
            return;
        }

        if (JsonServerErrors.IsSubscription(text, out var filter) && session.Subscriptions.FindFilter(filter) is { } refused)
        {
            session.End(refused, new JsonFault("not-permitted", $"The filter '{filter}' belongs to the bus, which does not let clients subscribe to it in this way."), refused.Sid(refused.Filters.ToList().IndexOf(filter)));
            return;
        }

        var fault = JsonServerErrors.Read(text, out var closes);
        var request = JsonServerErrors.IsPublish(text, out var topic, out _, out _) ? session.Requests.TakeRefused(topic) : null;
        Pen.Fault(fault, request?.Id, closes ? "closed" : "error");
        session.Answered();
    }

    private void Dropped(JsonSubscription subscription, string count)
    {
        Pen.Begin("dropped");
        Pen.String("sub", subscription.Name);
        Pen.Number("count", double.Parse(count, CultureInfo.InvariantCulture));
        Pen.End();
    }
}
