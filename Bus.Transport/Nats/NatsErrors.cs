using Bus.Core.Routing;

namespace Bus.Transport.Nats;

/// <summary>
/// All errors that the server side sends, with what they do to the connection. The texts are what nats-server 2.9 sends (recorded in the tests). Where it closes
/// without a word (arguments that do not parse, headers that were not asked for) we say why before we close.
/// </summary>
internal static class NatsErrors
{
    /// <summary>What a server says to a client that it does not let in. To our own, behind a colon, also why.</summary>
    public const string NotAllowed = "Authorization Violation";

    /// <summary>What the refusal of a name begins with; who has it follows.</summary>
    public const string NameTaken = "Client Name Taken: ";

    /// <summary>What the loss of a name begins with; who has it follows.</summary>
    public const string NameTakenOver = "Client Name Taken Over: ";

    /// <summary>What the refusal of a message begins with; its topic follows.</summary>
    public const string PublishTo = "Permissions Violation for Publish to ";

    // The frame could not be read: there is no way to find the next one, so the connection ends.
    public static readonly NatsError UnknownProtocolOperation = Closing("Unknown Protocol Operation");
    public static readonly NatsError ParserError = Closing("Parser Error");
    public static readonly NatsError MaximumPayloadViolation = Closing("Maximum Payload Violation");
    public static readonly NatsError MaximumControlLineExceeded = Closing("maximum control line exceeded");

    // CONNECT.
    public static readonly NatsError InvalidClientProtocol = Closing("invalid client protocol");
    public static readonly NatsError NoRespondersRequiresHeaders = Closing("no responders requires headers support");
    public static readonly NatsError MessageHeadersNotSupported = Closing("message headers not supported");
    public static readonly NatsError AuthorizationViolation = Closing(NotAllowed);
    public static readonly NatsError AuthenticationFailed = Closing("Authentication Failed");
    public static readonly NatsError AuthenticationTimeout = Closing("Authentication Timeout");
    public static readonly NatsError SecureConnectionRequired = Closing("Secure Connection - TLS Required");

    public static readonly NatsError InvalidClientName = Closing("Invalid Client Name");

    // Limits and life.
    public static readonly NatsError SlowConsumer = Closing("Slow Consumer");
    public static readonly NatsError StaleConnection = Closing("Stale Connection");
    public static readonly NatsError MaximumConnectionsExceeded = Closing("maximum connections exceeded");

    // One operation is refused, the connection goes on.
    public static readonly NatsError InvalidSubject = Refusing("Invalid Subject");
    public static readonly NatsError InvalidPublishSubject = Refusing("Invalid Publish Subject");
    public static readonly NatsError MaximumSubscriptionsExceeded = Refusing("maximum subscriptions exceeded");

    /// <summary>The peer is not let in. For our own clients: others compare the whole text.</summary>
    public static NatsError NotAuthorized(string reason) => Closing($"{NotAllowed}: {reason}");

    /// <summary>The name that the peer wants is somebody else's.</summary>
    public static NatsError ClientNameTaken(string holder) => Closing($"{NameTaken}{holder}");

    /// <summary>The name of the peer is somebody else's now.</summary>
    public static NatsError ClientNameTakenOver(string holder) => Closing($"{NameTakenOver}{holder}");

    /// <summary>The peer wants to be another socket of a client that is not here.</summary>
    public static NatsError NoSuchClient(string name) => Closing($"No Such Client: {name}");

    /// <summary>A publish that the peer may not do.</summary>
    public static NatsError PublishPermission(string subject) => Refusing($"{PublishTo}\"{subject}\"");

    /// <summary>A publish that looks as if the bus had said it.</summary>
    public static NatsError StatusPermission(string subject) => Refusing($"{PublishTo}\"{subject}\": its header block begins with a status, which only the bus may say: leave it out (status-reserved)");

    /// <summary>A publish whose answer would go where the peer may not publish.</summary>
    public static NatsError ReplyPermission(string subject) => Refusing($"Permissions Violation for Publish with Reply of \"{subject}\"");

    /// <summary>A subscription that the peer may not have.</summary>
    public static NatsError SubscribePermission(string filter, string? queue) => Refusing(queue is null
        ? $"Permissions Violation for Subscription to \"{filter}\""
        : $"Permissions Violation for Subscription to \"{filter}\" using queue \"{queue}\"");

    /// <summary>A message that its topic does not take.</summary>
    public static NatsError PublishRefused(string subject, TopicRefusal refusal) => Refusing($"{PublishTo}\"{subject}\": {refusal.Text} ({refusal.Error})");

    private static NatsError Closing(string text) => new(text, closes: true);

    private static NatsError Refusing(string text) => new(text, closes: false);
}
