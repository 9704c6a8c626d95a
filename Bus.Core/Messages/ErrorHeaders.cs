using System.Globalization;
using System.Text;

namespace Bus.Core.Messages;

/// <summary>How errors travel: the NATS services convention, and a symbolic code of our own.</summary>
internal static class ErrorHeaders
{
    public const string Text = "Nats-Service-Error";
    public const string Code = "Nats-Service-Error-Code";
    public const string Error = "Bus-Error";

    /// <summary>The Bus-Error of a status 503 when the responder's connection closed.</summary>
    public const string ResponderLost = "responder-lost";

    /// <summary>The Bus-Error of a call that the bus passes on, when nobody responds and nobody knows why.</summary>
    public const string NoResponders = "no-responders";

    /// <summary>The Bus-Error of a call of a service that is not there.</summary>
    public const string ServiceNotFound = "service-not-found";

    /// <summary>The Bus-Error of a call of a method that the service has not.</summary>
    public const string MethodNotFound = "method-not-found";

    /// <summary>The Bus-Error of a call whose answer did not come in time.</summary>
    public const string Timeout = "timeout";

    /// <summary>The Bus-Error of a call whose answer did not come in the time that its caller gave.</summary>
    public const string DeadlineExceeded = "deadline-exceeded";

    /// <summary>The Bus-Error of a handler that threw.</summary>
    public const string HandlerFailed = "handler-failed";

    /// <summary>The Bus-Error of a request whose payload cannot be read.</summary>
    public const string BadRequest = "bad-request";

    /// <summary>The Bus-Error of a request whose content type or encoding the responder does not know.</summary>
    public const string UnsupportedContentType = "unsupported-content-type";

    /// <summary>The Bus-Error of a request that is too large when it is decompressed, and of an answer that is too large to be sent.</summary>
    public const string PayloadTooLarge = "payload-too-large";

    /// <summary>The Bus-Error of what was sent to a name that nobody has.</summary>
    public const string ClientAbsent = "client-absent";

    /// <summary>The Bus-Error of what was sent to a client that does not listen.</summary>
    public const string InboxClosed = "inbox-closed";

    /// <summary>The Bus-Error of a question for a value that is not there.</summary>
    public const string NotRetained = "not-retained";

    /// <summary>The Bus-Error of a value that the bus has no room for.</summary>
    public const string RetainedFull = "retained-full";

    // A stack of inner messages must not outgrow the limits of a header.
    private const int MaxText = 1024;

    private const int MaxDetail = 16 * 1024;

    public static BusHeaders Create(string text, int code, string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        var headers = new BusHeaders { [Text] = OneLine(text), [Code] = code.ToString(CultureInfo.InvariantCulture) };
        if (error is not null) headers[Error] = OneLine(error);
        return headers;
    }

    /// <summary>An error of the bus itself: its status, which no client can publish, tells it from that of a responder.</summary>
    public static byte[] OfBus(string text, int code, string error) => HeaderBlock.Encode(code, Create(text, code, error));

    /// <summary>Whether the bus says that the client that a message was for is not there.</summary>
    public static bool IsAbsence(ReadOnlySpan<byte> headers) =>
        HeaderBlock.HasStatus(headers) && HeaderBlock.Contains(headers, "Bus-Error"u8) && HeaderBlock.Decode(headers, out _)[Error] is ClientAbsent or InboxClosed;

    /// <summary>Whether a header makes an answer an error.</summary>
    public static bool IsOne(string name) => Array.Exists((string[])[Text, Code, Error], own => own.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The payload of an error: its detail, as far as it fits.</summary>
    /// <param name="detail">The detail; null for none.</param>
    /// <param name="headers">What it has to fit into one message with.</param>
    /// <param name="maxPayload">What a message may have.</param>
    public static ReadOnlyMemory<byte> Detail(string? detail, BusHeaders headers, int maxPayload)
    {
        var room = Math.Min(MaxDetail, maxPayload - HeaderBlock.Measure(headers));
        // The longest character has four bytes: an encoder that has no room for a single one throws.
        if (string.IsNullOrEmpty(detail) || room < 4) return default;
        var bytes = new byte[room];
        // Cut between two characters, not within one.
        Encoding.UTF8.GetEncoder().Convert(detail, bytes, flush: true, out _, out var used, out _);
        return bytes.AsMemory(0, used);
    }

    private static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ").Replace('\r', ' ').Replace('\n', ' ').Trim();
        return line.Length <= MaxText ? line : line[..MaxText].TrimEnd();
    }
}
