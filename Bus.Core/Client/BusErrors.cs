namespace Bus.Core.Client;

/// <summary>
/// The symbolic names of errors: the same in the header <c>Bus-Error</c>, in <see cref="BusException.Error"/> and in what the command line prints. A responder may
/// answer with names of its own.
/// </summary>
public static class BusErrors
{
    /// <summary>Nobody responds on the topic.</summary>
    public const string NoResponders = Messages.ErrorHeaders.NoResponders;

    /// <summary>No instance of the service is on the bus.</summary>
    public const string ServiceNotFound = Messages.ErrorHeaders.ServiceNotFound;

    /// <summary>The service has no such method.</summary>
    public const string MethodNotFound = Messages.ErrorHeaders.MethodNotFound;

    /// <summary>No answer came in time.</summary>
    public const string Timeout = Messages.ErrorHeaders.Timeout;

    /// <summary>The time that the outermost caller gave was used up.</summary>
    public const string DeadlineExceeded = Messages.ErrorHeaders.DeadlineExceeded;

    /// <summary>Services have called one another deeper than one of them allows.</summary>
    public const string DepthExceeded = "depth-exceeded";

    /// <summary>A service was called again and again by what it had called itself.</summary>
    public const string CallLoop = "call-loop";

    /// <summary>The call was cancelled while it was carried out.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The service has more calls waiting than it takes.</summary>
    public const string Overloaded = "overloaded";

    /// <summary>None of the handlers of a method took the request.</summary>
    public const string NotHandled = "not-handled";

    /// <summary>The handler threw.</summary>
    public const string HandlerFailed = Messages.ErrorHeaders.HandlerFailed;

    /// <summary>An item of a stream was lost or came twice, or the other side does not keep to its protocol.</summary>
    public const string StreamBroken = "stream-broken";

    /// <summary>The items that a caller sends along ended with an error at the caller.</summary>
    public const string UploadFailed = "upload-failed";

    /// <summary>The request cannot be read.</summary>
    public const string BadRequest = Messages.ErrorHeaders.BadRequest;

    /// <summary>Nobody there reads the content type of the payload, or its content encoding.</summary>
    public const string UnsupportedContentType = Messages.ErrorHeaders.UnsupportedContentType;

    /// <summary>A value cannot be written, or what came cannot be read.</summary>
    public const string PayloadFormat = "payload-format";

    /// <summary>Headers and payload are larger than is allowed, or a payload is when it is decompressed.</summary>
    public const string PayloadTooLarge = Messages.ErrorHeaders.PayloadTooLarge;

    /// <summary>Who had the request went away before it answered.</summary>
    public const string ResponderLost = Messages.ErrorHeaders.ResponderLost;

    /// <summary>Nobody on the bus has this name.</summary>
    public const string ClientAbsent = Messages.ErrorHeaders.ClientAbsent;

    /// <summary>There is no connection to the bus.</summary>
    public const string NotConnected = "not-connected";

    /// <summary>The connection broke under the call.</summary>
    public const string ConnectionLost = "connection-lost";

    /// <summary>The bus was closed.</summary>
    public const string Closed = "closed";

    /// <summary>The bus refused something and gave no name for the reason.</summary>
    public const string Refused = "refused";

    /// <summary>There is no room for the message, and its options say not to wait.</summary>
    public const string BackPressure = "back-pressure";

    /// <summary>The subscription was too slow.</summary>
    public const string SlowConsumer = "slow-consumer";
}
