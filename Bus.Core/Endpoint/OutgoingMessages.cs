using System.Collections.Concurrent;
using System.Text;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>Checks and serializes what callers send, in their own threads. Thread-safe.</summary>
internal sealed class OutgoingMessages(EndpointLink link, PayloadCodec codec)
{
    // Topics whose check is remembered. Beyond it they are checked each time.
    private const int MaxKnownTopics = 4096;

    private readonly ConcurrentDictionary<string, byte[]> _topics = new(StringComparer.Ordinal);

    public OutgoingMessage Build<T>(string topic, string? replyTo, BusHeaders? headers, bool isRequest, T payload, ReplyFormat? reply = null)
    {
        if (!_topics.TryGetValue(topic ?? "", out var bytes))
        {
            bytes = Encoding.UTF8.GetBytes(SystemTopics.ValidateTopic(topic!));
            if (_topics.Count < MaxKnownTopics) _topics.TryAdd(topic!, bytes);
        }

        var message = OutgoingMessage.Create(bytes, replyTo, headers, isRequest, payload, codec, topic!, reply);
        if (message.BodyLength <= link.MaxPayload) return message;
        var error = new PayloadTooLargeException(topic!, message.BodyLength, link.MaxPayload, message.HeaderLength);
        message.Return();
        throw error;
    }
}
