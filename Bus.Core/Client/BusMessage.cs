using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>
/// A message as a subscriber gets it. Its bytes are the receiver's own: it may be kept for as long as one likes. Thread-safe.
/// </summary>
public abstract class BusMessage
{
    private readonly ReadOnlyMemory<byte> _headerBlock;
    private BusHeaders? _headers;
    private Decompressed? _decompressed;
    private IActorRef? _asker;

    private protected BusMessage(string topic, string? replyTo, ReadOnlyMemory<byte> headerBlock, ReadOnlyMemory<byte> payload, IBus? bus, PayloadCodec codec)
    {
        Topic = topic;
        ReplyTo = replyTo;
        _headerBlock = headerBlock;
        RawPayload = payload;
        Bus = bus;
        Codec = codec;
    }

    /// <summary>Where it was published to.</summary>
    public string Topic { get; }

    /// <summary>Where a reply is expected. Null: nowhere.</summary>
    public string? ReplyTo { get; }

    /// <summary>The headers. Empty when there are none. <c>Content-Encoding</c> is not among them when the bus takes care of it (<see cref="Payload"/>).</summary>
    public BusHeaders Headers => _headers ??= DecodeHeaders();

    /// <summary>The bytes, as they were published: those that were compressed on their way (<see cref="CompressionOptions"/>) are decompressed at the first access.</summary>
    /// <exception cref="PayloadFormatException">The payload is said to be compressed, and is damaged.</exception>
    /// <exception cref="PayloadTooLargeException">It becomes larger than <see cref="CompressionOptions.MaxDecompressed"/>.</exception>
    public ReadOnlyMemory<byte> Payload => HasHeaders ? Decompress() : RawPayload;

    /// <summary>Whether it was published before the subscription was there, and kept for it (<see cref="PublishOptions.Retain"/>).</summary>
    public bool IsRetained => HasHeaders && HeaderBlock.Contains(_headerBlock.Span, "Bus-Retained"u8);

    private protected IBus? Bus { get; }

    private protected PayloadCodec Codec { get; }

    /// <summary>The content type as the sender gave it. Empty: it gave none.</summary>
    private protected ReadOnlySpan<byte> ContentType => HasHeaders ? ContentHeaders.TypeOf(_headerBlock.Span) : default;

    /// <summary>The content encoding, if it is one that is not known here. Empty: there is none, or it is known.</summary>
    private protected ReadOnlySpan<byte> UnknownEncoding => Encoding is { IsEmpty: false } encoding && PayloadCompression.Known(encoding) is null && !encoding.SequenceEqual("identity"u8) ? encoding : default;

    /// <summary>The bytes as they came, compressed or not.</summary>
    internal ReadOnlyMemory<byte> RawPayload { get; }

    /// <summary>The bytes that it has, headers included.</summary>
    internal int Size => _headerBlock.Length + RawPayload.Length;

    /// <summary>All headers, as they belong to <see cref="RawPayload"/>. Null: there are none.</summary>
    internal BusHeaders? RawHeaders => HasHeaders ? HeaderBlock.Decode(_headerBlock.Span, out _) : null;

    /// <summary>What the one who sent it wants an answer to be like. Null: there is no choice.</summary>
    internal ReplyFormat? ReplyFormat =>
        Codec.IsPlain ? null : new ReplyFormat(ContentType.IsEmpty ? null : System.Text.Encoding.UTF8.GetString(ContentType), HasHeaders && HeaderBlock.Contains(_headerBlock.Span, "Bus-Request"u8));

    /// <summary>The NATS status of the message (503: no responders). Zero: an ordinary message.</summary>
    internal int Status => HeaderBlock.ReadStatus(_headerBlock.Span);

    /// <summary>What tells it from others although it is sent twice. Null when it has no id.</summary>
    internal string? Id => HeaderBlock.Contains(_headerBlock.Span, "Nats-Msg-Id"u8) ? Headers[MessageId.Header] : null;

    /// <summary>What tells a request from those of others although it is sent twice. Null when it has no id.</summary>
    internal RequestKey? Key => Id is { } id ? new RequestKey(id, ReplyTo) : null;

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

    /// <summary>The same message, whose payload is read as another type.</summary>
    internal BusMessage<TOther> As<TOther>() => new(Topic, ReplyTo, _headerBlock, RawPayload, Bus, Codec);

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
    public ValueTask ReplyErrorAsync(string text, int code = 500, string? error = null, string? detail = null, CancellationToken cancellationToken = default) => ReplyErrorAsync(text, code, error, detail, along: null, cancellationToken);

    /// <summary>As the other, with headers that are sent along.</summary>
    internal ValueTask ReplyErrorAsync(string text, int code, string? error, string? detail, BusHeaders? along, CancellationToken cancellationToken)
    {
        var headers = ErrorHeaders.Create(text, code, error);
        foreach (var (name, value) in along ?? [])
        {
            if (!ErrorHeaders.IsOne(name)) headers.Add(name, value);
        }

        return AnswerAsync(ErrorHeaders.Detail(detail, headers, RequireBus().MaxPayload), headers, cancellationToken);
    }

    private ValueTask AnswerAsync<TReply>(TReply reply, BusHeaders? headers, CancellationToken cancellationToken)
    {
        // Who replies by hand is not waited for any more.
        Interlocked.Exchange(ref _asker, null)?.Tell(this, ActorRefs.NoSender);
        var format = ReplyFormat;
        var sent = RequireBus().PublishAsync(RequireReplyTo(), reply, headers is null && format is null ? null : new PublishOptions { Headers = headers, ReplyFormat = format }, cancellationToken);
        // Not before: a reply that cannot be sent leaves the requester waiting.
        IsAnswered = true;
        return sent;
    }

    private ReadOnlySpan<byte> Encoding => HasHeaders ? ContentHeaders.EncodingOf(_headerBlock.Span) : default;

    private ReadOnlyMemory<byte> Decompress()
    {
        if (_decompressed is { } known) return known.Payload;
        var method = PayloadCompression.Known(Encoding);
        known = new Decompressed(method is { } compressed ? Codec.Decompress(RawPayload, compressed, Topic) : RawPayload);
        _decompressed = known;
        return known.Payload;
    }

    private BusHeaders DecodeHeaders()
    {
        var headers = HeaderBlock.Decode(_headerBlock.Span, out _);
        // It no longer holds of the payload that the user sees, and would be wrong if both were passed on.
        if (PayloadCompression.Known(Encoding) is not null) headers.Remove(ContentHeaders.Encoding);
        return headers;
    }

    private string RequireReplyTo() =>
        ReplyTo ?? throw new InvalidOperationException($"The message on '{Topic}' was published without a reply-to, so it cannot be replied to: check ReplyTo, or have it sent as a request.");

    private IBus RequireBus() =>
        Bus ?? throw new InvalidOperationException($"The message on '{Topic}' was made without a bus, so it cannot be replied to.");

    // Not the memory itself: a struct would be written in two halves.
    private sealed record Decompressed(ReadOnlyMemory<byte> Payload);
}

/// <summary>A message whose payload is read as <typeparamref name="T"/>.</summary>
/// <typeparam name="T"><c>byte[]</c>, <c>ReadOnlyMemory&lt;byte&gt;</c> and <c>string</c> are the payload as it is; anything else goes through a serializer of the bus.</typeparam>
public sealed class BusMessage<T> : BusMessage
{
    private object? _data;

    internal BusMessage(string topic, string? replyTo, ReadOnlyMemory<byte> headerBlock, ReadOnlyMemory<byte> payload, IBus? bus, PayloadCodec codec)
        : base(topic, replyTo, headerBlock, payload, bus, codec)
    {
    }

    /// <summary>Makes a message by hand, to test a handler with.</summary>
    /// <param name="topic">The topic it pretends to come from.</param>
    /// <param name="data">Its content.</param>
    /// <param name="headers">Its headers. Default: none.</param>
    /// <param name="replyTo">Where to reply. Default: nowhere.</param>
    /// <param name="bus">What replies are published on. Default: replying fails.</param>
    public BusMessage(string topic, T data, BusHeaders? headers = null, string? replyTo = null, IBus? bus = null)
        : this(topic, replyTo, HeaderBlock.Encode(headers), Payloads.Encode(data, PayloadCodec.Default).Payload, bus, PayloadCodec.Default) => _data = new Holder(data);

    /// <summary>The payload, read once, at the first access.</summary>
    /// <exception cref="PayloadFormatException">The payload cannot be read as <typeparamref name="T"/>, or nothing here reads its content type.</exception>
    /// <exception cref="PayloadTooLargeException">It becomes larger than <see cref="CompressionOptions.MaxDecompressed"/> when it is decompressed.</exception>
    public T Data
    {
        get
        {
            if (_data is Holder { } holder) return holder.Value;
            holder = new Holder(Read());
            _data = holder;
            return holder.Value;
        }
    }

    private T Read()
    {
        var payload = Payload;
        if (Payloads.TryReadBytes<T>(payload, out var bytes)) return bytes;
        if (UnknownEncoding is not { IsEmpty: false } encoding) return Payloads.Read<T>(payload, ContentType, Codec, Topic);
        var shown = PayloadCodec.Shown(encoding);
        throw new PayloadFormatException($"The payload on '{Topic}' ({Plural.Of(payload.Length, "byte")}) has the content encoding '{shown}', so it cannot be read as {typeof(T)}: only br and gzip are known here. Have it sent in one of these, or read the bytes.", Topic) { UnsupportedType = shown };
    }

    // Not the value itself: null is a value too, and a struct would be written in two halves.
    private sealed record Holder(T Value);
}
