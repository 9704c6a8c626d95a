using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>
/// The responder answered a request with an error, or the bus did where it is the responder (<see cref="IsOfBus"/>). A responder may throw it too, to choose code, text and detail; that counts as an
/// answer, not as a failure of the handler.
/// </summary>
public sealed class RemoteErrorException : BusException
{
    /// <summary>For a responder: the error to answer with.</summary>
    /// <param name="text">What went wrong, for a person.</param>
    /// <param name="code">A number as in HTTP. Default: 500.</param>
    /// <param name="error">A short symbolic name for programs, such as <c>not-found</c>.</param>
    /// <param name="detail">More about it, such as JSON for the program that asked; at most 16 KiB arrive. Default: none.</param>
    public RemoteErrorException(string text, int code = 500, string? error = null, string? detail = null)
        : this(null, text, code, error, detail)
    {
    }

    internal RemoteErrorException(string? topic, string text, int code, string? error, string? detail, bool isOfBus = false)
        : base(topic is null ? text : $"{(isOfBus ? "The bus" : Addressee.Of(topic).Responder)} answered with error {code}{(error is null ? "" : $" ({error})")}: {text}", topic is null ? null : Addressee.Of(topic).Topic)
    {
        IsOfBus = isOfBus;
        Text = text;
        Code = code;
        Error = error;
        Detail = detail;
    }

    /// <summary>What went wrong, in the responder's words (<c>Nats-Service-Error</c>).</summary>
    public string Text { get; }

    /// <summary>A number as in HTTP (<c>Nats-Service-Error-Code</c>).</summary>
    public int Code { get; }

    /// <summary>A short symbolic name for programs (<c>Bus-Error</c>). Null when the responder gave none.</summary>
    public override string? Error { get; }

    /// <summary>
    /// Whether the bus itself answered, which it does to requests on its own topics (<c>$BUS.</c>), and no responder. A responder can choose any <see cref="Error"/>, but it
    /// cannot pass itself off as the bus.
    /// </summary>
    public bool IsOfBus { get; }

    /// <summary>
    /// More about it: what the responder chose to tell, or where its handler failed if it tells that (<see cref="ErrorDetail.Full"/>). It is the payload of the
    /// answer. Null when there is none.
    /// </summary>
    public string? Detail { get; }

    /// <summary>The headers that the answer came with. Empty for one that a responder throws.</summary>
    public BusHeaders Headers { get; internal init; } = new();

    /// <summary>What a responder sends along with it. Not what it came with: that was meant for another caller.</summary>
    internal BusHeaders? Along { get; init; }

    /// <summary>The exception with its stack, and behind it the detail, which may hold the stack of the other side.</summary>
    public override string ToString() => Detail is null ? base.ToString() : $"{base.ToString()}{Environment.NewLine}--- Detail from the responder: ---{Environment.NewLine}{Detail}";
}

/// <summary>What a responder tells of an exception of its handler, besides those that chose their words (<see cref="RemoteErrorException"/>). All of it is in its log.</summary>
public enum ErrorDetail
{
    /// <summary>The message of the exception.</summary>
    Message,

    /// <summary>Only that the handler failed.</summary>
    None,

    /// <summary>The message, and as <see cref="RemoteErrorException.Detail"/> the exception with its stack and inner ones. For those whom one would let read the log.</summary>
    Full,
}
