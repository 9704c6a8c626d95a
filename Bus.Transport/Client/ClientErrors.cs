using System.Globalization;
using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Transport.Endpoints;
using Bus.Transport.Nats;

namespace Bus.Transport.Client;

/// <summary>What callers hear when a connection is not there, or breaks under them.</summary>
internal static class ClientErrors
{
    /// <param name="endpoint">What was dialed.</param>
    /// <param name="what">What it did not do.</param>
    public static BusConnectException NoBus(BusEndpoint endpoint, string what = "it did not greet with an INFO line") => new($"What listens at {endpoint} is no bus: {what}. Check the URL.");

    /// <summary>It greeted with an INFO line that cannot be read.</summary>
    public static BusConnectException BadInfo(BusEndpoint endpoint) => NoBus(endpoint, "its INFO line does not hold the JSON object that belongs there");

    /// <summary>What an error line means for whether this client may take part. Null: nothing.</summary>
    public static BusException? Refusal(ClientSetup setup, string text)
    {
        if (text.StartsWith(NatsErrors.NotAllowed, StringComparison.Ordinal)) return new BusRefusedException($"The bus at {setup.Endpoint} does not let this client in: {(text.Length > NatsErrors.NotAllowed.Length + 2 ? text[(NatsErrors.NotAllowed.Length + 2)..] : "it does not say why")}. Check User and Password, or Token, in BusClientOptions.");
        if (text.StartsWith(NatsErrors.NameTaken, StringComparison.Ordinal)) return new BusConnectException($"The name '{setup.Link.Name}' is taken on the bus at {setup.Endpoint}: {text[NatsErrors.NameTaken.Length..]}. Choose another, or set TakeOverName.");
        if (text.StartsWith(NatsErrors.NameTakenOver, StringComparison.Ordinal)) return new BusRefusedException($"The connection to {setup.Endpoint} is closed for good because another has its name now: {text[NatsErrors.NameTakenOver.Length..]}.");
        return null;
    }

    /// <summary>The bus has sent an error line.</summary>
    public static BusNoticeEventArgs Notice(BusEndpoint endpoint, string text) => text == NatsErrors.SlowConsumer.Text
        ? new BusNoticeEventArgs(BusNoticeKind.TooSlow, $"The bus at {endpoint} closes the connection because this process reads more slowly than what arrives ({text}). It is made anew; what was sent meanwhile is lost.")
        : new BusNoticeEventArgs(BusNoticeKind.ServerError, text);

    /// <summary>The bus says that it is about to stop.</summary>
    public static BusNoticeEventArgs Stops(BusEndpoint endpoint, TimeSpan? comeBack)
    {
        var prospect = comeBack switch
        {
            null => "the connection is made anew when it is back.",
            { } time when time == Timeout.InfiniteTimeSpan => "it does not come back, and the client is closed.",
            { } time => $"it is back in about {time.TotalSeconds:0.###} s, and the connection is made anew then.",
        };
        return new BusNoticeEventArgs(BusNoticeKind.LameDuck, $"The bus at {endpoint} is about to stop; {prospect}") { ComeBack = comeBack };
    }

    /// <summary>It has, for good.</summary>
    public static BusRefusedException Stopped(BusEndpoint endpoint) => new($"The connection to {endpoint} is closed for good: the bus has stopped and said that it does not come back.");

    /// <summary>The bus has dropped messages of a subscription, whose topic wants nobody to wait.</summary>
    public static void Dropped(EndpointLink link, SubscriptionCore subscription, string text)
    {
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return;
        subscription.Buffer.AddDropped(count);
        var filters = subscription.Filters.ToString();
        link.Notice(BusNoticeKind.SlowConsumer, $"The bus has dropped {Plural.Of(count, "message")} of the subscription to '{filters}': {(count == 1 ? "it was" : "they were")} not taken in time, and {(count == 1 ? "its" : "their")} topic wants nobody to wait.", filters, count);
    }

    /// <summary>Which message the bus did not publish, and why, as an error line says. Null: it says something else.</summary>
    public static (string Topic, string Reason)? OfMessage(string text)
    {
        if (!text.StartsWith(NatsErrors.PublishTo + '"', StringComparison.Ordinal)) return null;
        var rest = text[(NatsErrors.PublishTo.Length + 1)..];
        // A topic holds no blank, so the first of these is behind it. A NATS server gives no reason.
        var end = rest.IndexOf("\": ", StringComparison.Ordinal);
        return end >= 0 ? (rest[..end], rest[(end + 3)..]) : (rest.TrimEnd('"'), "the server does not permit it.");
    }

    public static BusException Lost(BusEndpoint endpoint, Exception? cause) =>
        cause as BusException ?? new ConnectionLostException($"The connection to {endpoint} is lost: {cause?.Message ?? "it ended"}", inner: cause);

    /// <summary>Another socket of a client has no connection without the first one.</summary>
    public static ConnectionLostException FirstLost(BusEndpoint endpoint) => new($"The connection to {endpoint} is made anew because the first one of this client was lost.");

    public static NotConnectedException NotConnected(BusEndpoint endpoint, Exception? cause, string? topic) =>
        new($"The bus at {endpoint} is not connected at the moment ({cause?.Message ?? "it is being connected"}). Try again; a client that stays open reconnects by itself.", topic, cause);

    /// <summary>A request whose time is up.</summary>
    public static BusException Expired(BusEndpoint endpoint, RequestCommand request, Exception? cause) => request.IsRepeated
        ? new ConnectionLostException($"No reply to {Addressee.Of(request.Topic).Request} came within {request.Timeout.TotalSeconds:0.###} s. The connection or the responder was lost meanwhile and the request sent again: it may or may not have been carried out.", Addressee.Of(request.Topic).Topic, cause)
        : request.IsSent ? new RequestTimeoutException(request.Topic, request.Timeout)
        : new NotConnectedException($"There was no connection to {endpoint} for {Addressee.Of(request.Topic).Request} within {request.Timeout.TotalSeconds:0.###} s, so it was not sent ({cause?.Message ?? "it is being connected"}). Start the bus, or raise the timeout.", Addressee.Of(request.Topic).Topic, cause);

    public static BusException Unanswered(RequestCommand request, BusException cause) => cause is BusClosedException
        ? new BusClosedException(cause.Message, Addressee.Of(request.Topic).Topic)
        : new ConnectionLostException($"The connection broke before the reply to {Addressee.Of(request.Topic).Request} came. The request may or may not have been carried out: repeat it if that does no harm. ({cause.Message})", Addressee.Of(request.Topic).Topic, cause);

    public static BusException Unpublished(BusException cause) =>
        cause is BusClosedException ? cause : new NotConnectedException($"The message was not published: {cause.Message}", inner: cause);

    public static BusException Unflushed(BusException cause) =>
        cause is BusClosedException ? cause : new ConnectionLostException($"The connection broke before the round trip was done: {cause.Message}", inner: cause);
}
