using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>
/// The messages that were told to a topic and could not be published: nobody waits for the outcome, so they are logged and
/// raised as <see cref="IBus.Noticed"/>. Of an outage only its begin and its end, for it may cost any number of them.
/// </summary>
internal sealed class LostMessages(string topic, EndpointLink link)
{
    private long _outage;

    public void Add(Exception error)
    {
        if (error is BusDisconnectedException or BusClosedException && _outage++ > 0) return;
        Say(error.Message);
    }

    /// <summary>One was published again, or none will be any more.</summary>
    public void OutageOver()
    {
        if (_outage > 1) Say($"The same happened to {_outage - 1:N0} more.");
        _outage = 0;
    }

    private void Say(string reason)
    {
        BusLog.NotPublished(link.Log, topic, reason);
        link.Notice(BusNoticeKind.NotPublished, $"A message told to the topic '{topic}' was not published. {reason}", topic);
    }
}
