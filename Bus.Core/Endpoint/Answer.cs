using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>What a responder answers to a request: a payload or an error.</summary>
internal sealed record Answer(byte[] Payload, string? Text = null, int Code = 0, string? Error = null, string? Detail = null)
{
    /// <summary>Sent along with it. Null: nothing.</summary>
    public BusHeaders? Headers { get; init; }

    /// <summary>What it takes to remember it, in bytes.</summary>
    public int Weight => Payload.Length + (2 * ((Text?.Length ?? 0) + (Detail?.Length ?? 0) + (Headers?.Sum(header => header.Key.Length + header.Value.Length) ?? 0)));

    /// <param name="value">What was answered.</param>
    /// <param name="codec">What writes it.</param>
    /// <param name="format">What the request asks for.</param>
    /// <param name="headers">Sent along; a content type in them decides what writes it, and otherwise one may be added. Null: none.</param>
    public static Answer Of<T>(T value, PayloadCodec codec, ReplyFormat? format, BusHeaders? headers = null)
    {
        var (payload, contentType) = Payloads.Encode(value, codec, format, headers);
        if (contentType is not null && headers?.Contains(ContentHeaders.Type) != true) (headers ??= new BusHeaders())[ContentHeaders.Type] = contentType;
        return new Answer(payload) { Headers = headers };
    }

    /// <param name="message">The request.</param>
    /// <param name="error">Why it failed.</param>
    /// <param name="detail">What of it is told.</param>
    public static Answer Failure(BusMessage message, Exception? error, ErrorDetail detail) => error switch
    {
        PayloadFormatException { UnsupportedType: not null } unsupported when unsupported.Topic == message.Topic => new Answer([], unsupported.Message, 415, ErrorHeaders.UnsupportedContentType),
        PayloadFormatException unreadable when unreadable.Topic == message.Topic => new Answer([], unreadable.Message, 400, ErrorHeaders.BadRequest),
        PayloadFormatException unwritable when unwritable.Topic == message.ReplyTo => new Answer([], unwritable.Message, 500, BusErrors.PayloadFormat),
        PayloadTooLargeException { IsReceived: true } large when large.Topic == message.Topic => new Answer([], large.Message, 413, ErrorHeaders.PayloadTooLarge),
        PayloadTooLargeException { IsReceived: false } large when large.Topic == message.ReplyTo => new Answer([], large.Message, 500, ErrorHeaders.PayloadTooLarge),
        RemoteErrorException chosen => new Answer([], chosen.Text, chosen.Code, chosen.Error, chosen.Detail) { Headers = chosen.Along },
        _ when detail == ErrorDetail.None => new Answer([], "The handler failed; its log says why.", 500, ErrorHeaders.HandlerFailed),
        _ => new Answer([], error?.Message ?? "It gave no text.", 500, ErrorHeaders.HandlerFailed, detail == ErrorDetail.Full ? error?.ToString() : null),
    };

    public ValueTask SendAsync(BusMessage request, CancellationToken cancellationToken = default)
    {
        if (request.ReplyTo is null) return default;
        return Text is null ? request.ReplyAsync(Payload, Headers, cancellationToken) : request.ReplyErrorAsync(Text, Code, Error, Detail, Headers, cancellationToken);
    }
}
