using System.Text.Json;
using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>The confirmed messages of a facade: each is a request whose reply is the receipt. Thread-safe.</summary>
internal sealed class FacadeConfirms(OutgoingMessages messages, FacadeRequests requests)
{
    public async Task<PublishReceipt> PublishAsync<T>(string topic, T payload, PublishOptions? options, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (options?.ReplyTo is { } replyTo) throw new ArgumentException($"The message to '{topic}' cannot have the reply-to '{replyTo}': the confirmation takes its place. Send a request to get a reply.", nameof(options));
        // Not marked as a request, which it is none for those who get it.
        var target = options is { Retain: true } ? SystemTopics.RetainOf(topic) : SystemTopics.ConfirmedOf(topic);
        var message = messages.Build(target, replyTo: null, options?.Headers, isRequest: false, payload);
        ReceivedMessage received;
        try
        {
            received = await requests.AskAsync(topic, message, timeout, options: null, cancellationToken);
        }
        catch (NoRespondersException)
        {
            throw new BusRefusedException($"The message to '{topic}' was not published: the server confirms nothing, so it is no IpcBus. Publish without confirmation there, or send a request.", topic);
        }

        return Read(received, topic);
    }

    private static PublishReceipt Read(ReceivedMessage received, string topic)
    {
        var payload = received.Body.AsMemory(received.HeaderLength);
        var reply = new BusMessage<byte[]>(received.Topic, received.ReplyTo, received.Body.AsMemory(0, received.HeaderLength), payload, bus: null, PayloadCodec.Default);
        if (ErrorReplies.Read(reply, topic) is { } error) throw new BusRefusedException($"The message to '{topic}' was not published: {error.Text}", topic) { Reason = error.Error };
        return ParticipantExtensions.Read(() => JsonSerializer.Deserialize(payload.Span, ReceiptJson.Default.PublishReceipt), topic);
    }
}
