using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>A request. Answered with a <see cref="ReceivedMessage"/>, or with Status.Failure and the specific error.</summary>
internal sealed class RequestCommand(OutgoingMessage message, string topic, TimeSpan timeout, IActorRef replyTo) : IUndeliverable
{
    /// <summary>Owned by the endpoint once told.</summary>
    public OutgoingMessage Message { get; } = message;

    public string Topic { get; } = topic;

    public TimeSpan Timeout { get; } = timeout;

    /// <summary>Slot and code in the endpoint's inbox. Zero: not sent yet.</summary>
    public ulong Token { get; set; }

    /// <summary>When it times out, as a timestamp of the clock. <see cref="long.MaxValue"/>: never.</summary>
    public long Deadline { get; set; }

    /// <summary>Whether it fails while there is no connection, instead of waiting for one.</summary>
    public bool FailFast { get; init; }

    /// <summary>Whether it is sent again when the connection or the responder is lost.</summary>
    public bool SafeToRetry { get; init; }

    /// <summary>Whether it has gone to the connection. Set by the endpoint.</summary>
    public bool IsSent { get; set; }

    /// <summary>Whether it was sent before. Set by the endpoint.</summary>
    public bool IsRepeated { get; set; }

    /// <summary>Whether the bus or the responder was away since it was made, so that whoever is to answer may still be on the way back. Set by the endpoint.</summary>
    public bool IsPatient { get; set; }

    /// <summary>Tells which of two was sent first. Set by the endpoint.</summary>
    public long Order { get; set; }

    /// <summary>What is sent, if it may be sent again: the message itself is given back. Set by the endpoint.</summary>
    public OfflineMessage? Copy { get; private set; }

    /// <summary>Whether the endpoint got it: a call that is cancelled early enough is never told. Set by the endpoint.</summary>
    public bool IsTaken { get; set; }

    /// <summary>The caller gave it up. Set by the endpoint.</summary>
    public bool IsCancelled { get; set; }

    /// <summary>The topic as it is sent.</summary>
    public ReadOnlySpan<byte> TopicBytes => Copy is null ? Message.Topic : Copy.Topic;

    /// <summary>Header block and payload.</summary>
    public ReadOnlySpan<byte> Body => Copy is null ? Message.Body : Copy.Body;

    public int HeaderLength => Copy?.HeaderLength ?? Message.HeaderLength;

    /// <summary>Copies the message, which may be sent several times then.</summary>
    public void KeepCopy(TimeProvider time)
    {
        if (Copy is not null) return;
        Copy = new OfflineMessage(Message.Bytes, Message.TopicLength, Message.ReplyLength, Message.HeaderLength, time.GetTimestamp(), budget: null);
        Message.Return();
    }

    /// <summary>It is not sent: gives the message back, unless it was copied.</summary>
    public void ReturnMessage()
    {
        if (Copy is null) Message.Return();
    }

    public void Answer(ReceivedMessage reply) => replyTo.Tell(reply, ActorRefs.NoSender);

    public void Fail(Exception error) => replyTo.Tell(new Status.Failure(error), ActorRefs.NoSender);

    void IUndeliverable.Undelivered()
    {
        Message.Return();
        Fail(Closed.Error(Topic));
    }
}

/// <summary>The caller of a request gave it up: its slot is free.</summary>
internal sealed record CancelRequest(RequestCommand Request);

/// <summary>A reply, copied out of its batch.</summary>
/// <param name="Topic">The inbox that it came to.</param>
/// <param name="ReplyTo">Where the responder in turn expects a reply.</param>
/// <param name="Body">Header block and payload.</param>
/// <param name="HeaderLength">Bytes of the header block.</param>
internal sealed record ReceivedMessage(string Topic, string? ReplyTo, byte[] Body, int HeaderLength);

/// <summary>Open a subscription. Answered with <see cref="SubscriptionOpened"/> when it is active.</summary>
internal sealed class OpenSubscription(SubscriptionCore subscription, IActorRef replyTo) : IUndeliverable
{
    public SubscriptionCore Subscription { get; } = subscription;

    /// <summary>What it will fail with. Set by the endpoint.</summary>
    public Exception? Error { get; set; }

    public void Opened() => replyTo.Tell(SubscriptionOpened.Instance, ActorRefs.NoSender);

    public void Fail(Exception error)
    {
        Subscription.Finish(error: null);
        replyTo.Tell(new Status.Failure(error), ActorRefs.NoSender);
    }

    void IUndeliverable.Undelivered() => Fail(Closed.Error(topic: null));
}

/// <summary>The answer to <see cref="OpenSubscription"/>.</summary>
internal sealed class SubscriptionOpened
{
    public static readonly SubscriptionOpened Instance = new();
}

/// <summary>End a subscription: now, or after what has arrived.</summary>
internal sealed record CloseSubscription(SubscriptionCore Subscription, bool Drain) : IUndeliverable
{
    void IUndeliverable.Undelivered() => Subscription.Finish(error: null);
}

/// <summary>Told by a subscription's actor, which takes no more messages: unsubscribe, the rest is its own business.</summary>
internal sealed record IntakeEnded(SubscriptionCore Subscription);

/// <summary>A round trip through the bus. Answered with itself.</summary>
internal sealed record FlushCommand(IActorRef ReplyTo) : IUndeliverable
{
    public void Done() => ReplyTo.Tell(this, ActorRefs.NoSender);

    public void Fail(Exception error) => ReplyTo.Tell(new Status.Failure(error), ActorRefs.NoSender);

    void IUndeliverable.Undelivered() => Fail(Closed.Error(topic: null));
}

/// <summary>Send what is left, end every subscription, fail every request, stop. Answered with itself.</summary>
internal sealed record CloseCommand(IActorRef ReplyTo) : IUndeliverable
{
    public void Done() => ReplyTo.Tell(this, ActorRefs.NoSender);

    // Closed already.
    void IUndeliverable.Undelivered() => Done();
}

/// <summary>Fail every request, and those that come: the bus closes. Answered with itself.</summary>
internal sealed record EndRequests(IActorRef ReplyTo) : IUndeliverable
{
    public void Done() => ReplyTo.Tell(this, ActorRefs.NoSender);

    // Closed already.
    void IUndeliverable.Undelivered() => Done();
}

/// <summary>Connect, if that waits for the first use.</summary>
internal sealed class WakeCommand
{
    public static readonly WakeCommand Instance = new();
}

/// <summary>Fail every request and round trip, drop what is left, stop: now.</summary>
internal sealed class AbortCommand
{
    public static readonly AbortCommand Instance = new();
}

internal static class Closed
{
    public static BusClosedException Error(string? topic, string? reason = null) => new($"The bus is closed{(reason is null ? "" : $" ({reason})")}: no call can be made on it any more.", topic);
}
