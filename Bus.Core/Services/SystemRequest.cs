using System.Text;
using Bus.Core.Messages;
using Bus.Core.Routing;

namespace Bus.Core.Services;

/// <summary>A request to a service of the bus, where it lies: valid while it is being handled.</summary>
internal readonly ref struct SystemRequest(PublishBatch batch, int index, SystemPublisher publisher)
{
    /// <summary>Who asks.</summary>
    public IBatchProducer Producer => batch.Producer;

    public string Topic => Encoding.UTF8.GetString(batch.Topic(index));

    public ReadOnlySpan<byte> Headers => batch.Headers(index);

    public ReadOnlySpan<byte> Payload => batch.Payload(index);

    /// <summary>Where the answer is expected. Empty: nowhere.</summary>
    public ReadOnlySpan<byte> ReplyTo => HasReply ? batch.ReplyTo(index) : default;

    public bool HasReply => batch[index].HasReply;

    /// <summary>What stands behind a prefix of the topic. Null: it does not begin with it.</summary>
    public string? After(string prefix) => Topic is var topic && topic.StartsWith(prefix, StringComparison.Ordinal) ? topic[prefix.Length..] : null;

    public void Reply(ReadOnlySpan<byte> payload, ReadOnlySpan<byte> headers = default)
    {
        if (HasReply) publisher.Publish(batch.ReplyTo(index), headers, payload);
    }

    /// <summary>Answers with an error.</summary>
    public void Fail(string text, int code, string error)
    {
        if (HasReply) publisher.Publish(batch.ReplyTo(index), ErrorHeaders.OfBus(text, code, error), payload: default);
    }

    /// <summary>Answers why the topics do not let it.</summary>
    public void Fail(TopicRefusal refusal) => Fail(refusal.Text, refusal.Code, refusal.Error);
}
