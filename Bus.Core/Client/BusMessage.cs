using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>
/// A message as a subscriber gets it. Its bytes are the receiver's own: it may be kept for as long as one likes. Thread-safe.
/// </summary>
public abstract class BusMessage
{
    private readonly ReadOnlyMemory<byte> _headerBlock;
    private BusHeaders? _headers;
    private IActorRef? _asker;

    private protected BusMessage(string topic, string? replyTo, ReadOnlyMemory<byte> headerBlock, ReadOnlyMemory<byte> payload, IBus? bus)
    {
        Topic = topic;
        ReplyTo = replyTo;
        _headerBlock = headerBlock;
        Payload = payload;
        Bus = bus;
    }

    /// <summary>Where it was published to.</summary>
    public string Topic { get; }

    /// <summary>Where a reply is expected. Null: nowhere.</summary>
    public string? ReplyTo { get; }

    /// <summary>The headers. Empty when there are none.</summary>
    public BusHeaders Headers => _headers ??= HeaderBlock.Decode(_headerBlock.Span, out _);

    /// <summary>The bytes, as they were sent.</summary>
    public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Whether it was published before the subscription was there, and kept for it (<see cref="PublishOptions.Retain"/>).</summary>
    public bool IsRetained => HasHeaders && HeaderBlock.Contains(_headerBlock.Span, "Bus-Retained"u8);

    private protected IBus? Bus { get; }

    /// <summary>The NATS status of the message (503: no responders). Zero: an ordinary message.</summary>
    internal int Status => HeaderBlock.ReadStatus(_headerBlock.Span);

    /// <summary>What tells it from others although it is sent twice. Null when it has no id.</summary>
    internal string? Id => HeaderBlock.Contains(_headerBlock.Span, "Nats-Msg-Id"u8) ? Headers[MessageId.Header] : null;

    /// <summary>Whether its sender waits until it is handled, and gets an answer even if there is nothing to say (<see cref="DeliveryExtensions"/>). Handlers of inboxes and queue groups send it by themselves.</summary>
    public bool WantsConfirmation => ReplyTo is not null && HasHeaders && HeaderBlock.Contains(_headerBlock.Span, "Bus-Confirm"u8);

    /// <summary>Whether it was answered.</summary>
    internal bool IsAnswered { get; private set; }

    /// <summary>Whoever drops it owes an answer to the one who sent it this way. Null: nobody waits.</summary>
    internal IBatchProducer? Requester { get; set; }

    internal bool HasHeaders => !_headerBlock.IsEmpty;

    /// <summary>An actor is told it by <paramref name="asker"/>, which waits for the answer.</summary>
    internal BusMessage ToldBy(IActorRef asker)
    {
        _asker = asker;
        return this;
    }

    /// <summary>The answer is at hand: whether nothing was replied meanwhile.</summary>
    internal bool TakeReply() => Interlocked.Exchange(ref _asker, null) is not null;

    /// <summary>Answers a request.</summary>
    /// <exception cref="InvalidOperationException">The message has no reply-to.</exception>
    public ValueTask ReplyAsync<TReply>(TReply reply, BusHeaders? headers = null, CancellationToken cancellationToken = default) => AnswerAsync(reply, headers, cancellationToken);

    /// <summary>Tells the sender that the message is handled, if it waits for that (<see cref="DeliveryExtensions"/>): an answer without content. Does nothing if it has no reply-to, or was answered.</summary>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    public ValueTask ConfirmAsync(CancellationToken cancellationToken = default) =>
        ReplyTo is null || IsAnswered ? default : AnswerAsync(ReadOnlyMemory<byte>.Empty, headers: null, cancellationToken);

    /// <summary>Answers a request with an error: the requester's call fails with a <see cref="RemoteErrorException"/>.</summary>
    /// <param name="text">What went wrong, for a person.</param>
    /// <param name="code">A number as in HTTP. Default: 500.</param>
    /// <param name="error">A short symbolic name for programs, such as <c>not-found</c>.</param>
    /// <param name="detail">More about it; cut off after 16 KiB. Default: none.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="InvalidOperationException">The message has no reply-to.</exception>
    public ValueTask ReplyErrorAsync(string text, int code = 500, string? error = null, string? detail = null, CancellationToken cancellationToken = default)
    {
        var headers = ErrorHeaders.Create(text, code, error);
        return AnswerAsync(ErrorHeaders.Detail(detail, headers, RequireBus().MaxPayload), headers, cancellationToken);
    }

    private ValueTask AnswerAsync<TReply>(TReply reply, BusHeaders? headers, CancellationToken cancellationToken)
    {
        // Who replies by hand is not waited for any more.
        Interlocked.Exchange(ref _asker, null)?.Tell(this, ActorRefs.NoSender);
        var sent = RequireBus().PublishAsync(RequireReplyTo(), reply, headers is null ? null : new PublishOptions { Headers = headers }, cancellationToken);
        // Not before: a reply that cannot be sent leaves the requester waiting.
        IsAnswered = true;
        return sent;
    }

    private string RequireReplyTo() =>
        ReplyTo ?? throw new InvalidOperationException($"The message on '{Topic}' was published without a reply-to, so it cannot be replied to: check ReplyTo, or have it sent as a request.");

    private IBus RequireBus() =>
        Bus ?? throw new InvalidOperationException($"The message on '{Topic}' was made without a bus, so it cannot be replied to.");
}

/// <summary>A message whose payload is read as <typeparamref name="T"/>.</summary>
/// <typeparam name="T"><c>byte[]</c>, <c>ReadOnlyMemory&lt;byte&gt;</c> and <c>string</c> are the payload as it is; anything else goes through the bus's serializer.</typeparam>
public sealed class BusMessage<T> : BusMessage
{
    private readonly IBusSerializer _serializer;
    private object? _data;

    internal BusMessage(string topic, string? replyTo, ReadOnlyMemory<byte> headerBlock, ReadOnlyMemory<byte> payload, IBus? bus, IBusSerializer serializer)
        : base(topic, replyTo, headerBlock, payload, bus) => _serializer = serializer;

    /// <summary>Makes a message by hand, to test a handler with.</summary>
    /// <param name="topic">The topic it pretends to come from.</param>
    /// <param name="data">Its content.</param>
    /// <param name="headers">Its headers. Default: none.</param>
    /// <param name="replyTo">Where to reply. Default: nowhere.</param>
    /// <param name="bus">What replies are published on. Default: replying fails.</param>
    public BusMessage(string topic, T data, BusHeaders? headers = null, string? replyTo = null, IBus? bus = null)
        : this(topic, replyTo, HeaderBlock.Encode(headers), Payloads.ToArray(data, JsonBusSerializer.Default), bus, JsonBusSerializer.Default) => _data = new Holder(data);

    /// <summary>The payload, read once, at the first access.</summary>
    /// <exception cref="PayloadFormatException">The payload cannot be read as <typeparamref name="T"/>.</exception>
    public T Data
    {
        get
        {
            if (_data is Holder { } holder) return holder.Value;
            holder = new Holder(Payloads.Read<T>(Payload, _serializer, Topic));
            _data = holder;
            return holder.Value;
        }
    }

    // Not the value itself: null is a value too, and a struct would be written in two halves.
    private sealed record Holder(T Value);
}
