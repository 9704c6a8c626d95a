namespace Bus.Core.Client;

/// <summary>The base of everything that a bus throws besides argument errors and cancellation.</summary>
public abstract class BusException : Exception
{
    /// <param name="message">What happened and what to do.</param>
    /// <param name="topic">The topic it was about.</param>
    /// <param name="inner">The cause.</param>
    protected BusException(string message, string? topic = null, Exception? inner = null)
        : base(message, inner) => Topic = topic;

    /// <summary>The topic of the call that failed, as the caller named it. Null when it was not about one.</summary>
    public string? Topic { get; }

    /// <summary>A short symbolic name for programs, the same as on the wire (<see cref="BusErrors"/>). Null when there is none.</summary>
    public virtual string? Error => null;
}

/// <summary>A request was sent to a topic on which nobody responds.</summary>
/// <param name="topic">The topic of the request.</param>
public sealed class NoRespondersException(string topic)
    : BusException(Describe(Addressee.Of(topic)), Addressee.Of(topic).Topic)
{
    /// <inheritdoc />
    public override string? Error => BusErrors.NoResponders;

    private static string Describe(Addressee to) => to switch
    {
        { IsBus: true } => "The server does not answer requests to the bus itself, so it is a NATS server and no IpcBus, or an older one: connect to an IpcBus for this.",
        { Client: { } name } => $"The message to '{name}' reached nobody: the server knows no names, so it is no IpcBus. Connect to an IpcBus, or publish to a topic.",
        _ => $"Nobody responds to requests on '{to.Topic}': start the service, or check the topic for a typing error.",
    };
}

/// <summary>No reply came within the timeout.</summary>
/// <param name="topic">The topic of the request.</param>
/// <param name="timeout">How long was waited.</param>
public sealed class RequestTimeoutException(string topic, TimeSpan timeout)
    : BusException(Describe(Addressee.Of(topic), timeout), Addressee.Of(topic).Topic)
{
    /// <inheritdoc />
    public override string? Error => BusErrors.Timeout;

    /// <summary>How long was waited.</summary>
    public TimeSpan Timeout { get; } = timeout;

    private static string Describe(Addressee to, TimeSpan timeout)
    {
        var cause = to switch
        {
            { IsBus: true } => "It has too much to do, or hangs: look there, or raise the timeout.",
            { Client: not null } => "It has its inbox open, but was too slow or does not confirm: look there, or raise the timeout.",
            _ => "Somebody subscribes to the topic, but was too slow or does not reply: look there, or raise the timeout.",
        };
        return $"No reply to {to.Request} came within {timeout.TotalSeconds:0.###} s. {cause}";
    }
}

/// <summary>The one who had the request disconnected before replying. Whether it was carried out is not known.</summary>
/// <param name="topic">The topic of the request.</param>
public sealed class ResponderLostException(string topic)
    : BusException($"{Addressee.Of(topic).Responder} disconnected before it replied. The request may or may not have been carried out: repeat it if that does no harm.", Addressee.Of(topic).Topic)
{
    /// <inheritdoc />
    public override string? Error => BusErrors.ResponderLost;
}

/// <summary>The bus cannot be reached. Which of the two it is says whether the call may be repeated without a thought: <see cref="NotConnectedException"/> and <see cref="ConnectionLostException"/>.</summary>
public abstract class BusDisconnectedException : BusException
{
    private protected BusDisconnectedException(string message, string? topic, Exception? inner)
        : base(message, topic, inner)
    {
    }
}

/// <summary>There is no connection to the bus: nothing was sent, and the call can be repeated.</summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="topic">The topic of the call.</param>
/// <param name="inner">The cause.</param>
public sealed class NotConnectedException(string message, string? topic = null, Exception? inner = null) : BusDisconnectedException(message, topic, inner)
{
    /// <inheritdoc />
    public override string? Error => BusErrors.NotConnected;
}

/// <summary>The connection broke under the call: whether the bus, or a responder, has carried it out is not known.</summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="topic">The topic of the call.</param>
/// <param name="inner">The cause.</param>
public sealed class ConnectionLostException(string message, string? topic = null, Exception? inner = null) : BusDisconnectedException(message, topic, inner)
{
    /// <inheritdoc />
    public override string? Error => BusErrors.ConnectionLost;
}

/// <summary>The first connection could not be made.</summary>
/// <param name="message">What happened and what to do.</param>
/// <param name="inner">The cause.</param>
public sealed class BusConnectException(string message, Exception? inner = null) : BusException(message, inner: inner)
{
    /// <inheritdoc />
    public override string? Error => BusErrors.NotConnected;
}

/// <summary>The bus was closed before or during the call.</summary>
/// <param name="message">What happened.</param>
/// <param name="topic">The topic of the call.</param>
public sealed class BusClosedException(string message, string? topic = null) : BusException(message, topic)
{
    /// <inheritdoc />
    public override string? Error => BusErrors.Closed;
}

/// <summary>The bus refused something for good, in its own words (<c>-ERR</c>).</summary>
/// <param name="message">What it said, and to what.</param>
/// <param name="topic">The topic of the call.</param>
public sealed class BusRefusedException(string message, string? topic = null) : BusException(message, topic)
{
    private readonly string? _error;

    /// <summary>A short symbolic name for programs, such as <c>topic-undeclared</c>.</summary>
    public override string? Error => _error ?? BusErrors.Refused;

    /// <summary>What the bus called it.</summary>
    internal string? Reason { init => _error = value; }
}

/// <summary>Headers and payload together are larger than the bus allows, or a received payload is when it is decompressed.</summary>
public sealed class PayloadTooLargeException : BusException
{
    /// <param name="topic">The topic of the message.</param>
    /// <param name="size">Bytes of headers and payload.</param>
    /// <param name="limit">Bytes allowed.</param>
    /// <param name="headers">Bytes of the headers alone. A request has some of its own.</param>
    public PayloadTooLargeException(string topic, long size, long limit, long headers = 0)
        : base(Describe(Addressee.Of(topic), size, limit, headers), Addressee.Of(topic).Topic) => (Size, Limit) = (size, limit);

    private PayloadTooLargeException(string message, string topic, long size, long limit)
        : base(message, topic) => (Size, Limit, IsReceived) = (size, limit, true);

    /// <inheritdoc />
    public override string? Error => BusErrors.PayloadTooLarge;

    /// <summary>Bytes of headers and payload, as they were sent.</summary>
    public long Size { get; }

    /// <summary>Bytes allowed.</summary>
    public long Limit { get; }

    /// <summary>Whether somebody else sent it: <see cref="Limit"/> is what it may have when it is decompressed.</summary>
    public bool IsReceived { get; }

    internal static PayloadTooLargeException Received(string topic, long size, long limit) =>
        new($"The compressed payload on '{topic}', of {Plural.Of(size, "byte")}, becomes more than {Plural.Of(limit, "byte")} when it is decompressed. Have it sent in parts, or raise MaxDecompressed in the Compression of the bus's options if the sender is to be trusted.", topic, size, limit);

    private static string Describe(Addressee to, long size, long limit, long headers)
    {
        var (what, rest) = headers == 0 ? ("", "") : ($" ({headers:N0} of headers, {size - headers:N0} of payload)", headers < limit ? $" for both together, which leaves {limit - headers:N0} for the payload" : " for both together");
        return $"{to.Message} has {Plural.Of(size, "byte")}{what}; this bus allows {limit:N0}{rest}. Send it in parts, or raise the limit of the bus.";
    }
}

/// <summary>A payload cannot be read as the type that was asked for, or a value cannot be written.</summary>
/// <param name="message">Which type, and what was there.</param>
/// <param name="topic">The topic of the message.</param>
/// <param name="inner">The serializer's error.</param>
public sealed class PayloadFormatException(string message, string? topic = null, Exception? inner = null) : BusException(message, topic, inner)
{
    /// <inheritdoc />
    public override string? Error => UnsupportedType is null ? BusErrors.PayloadFormat : BusErrors.UnsupportedContentType;

    /// <summary>The content type or content encoding of the payload, if nothing here reads it. Null: it was not because of that.</summary>
    public string? UnsupportedType { get; init; }
}
