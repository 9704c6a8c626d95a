using System.Text;
using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>A message that is kept until there is a connection. It is counted in the budget until it is sent or dropped.</summary>
internal sealed class OfflineMessage(ReadOnlySpan<byte> bytes, int topicLength, int replyLength, int headerLength, long since, OfflineBudget? budget) : IUndeliverable
{
    private readonly byte[] _bytes = bytes.ToArray();

    /// <summary>When it was published, as a timestamp of the clock.</summary>
    public long Since => since;

    public int HeaderLength => headerLength;

    public ReadOnlySpan<byte> Topic => _bytes.AsSpan(0, topicLength);

    public ReadOnlySpan<byte> ReplyTo => _bytes.AsSpan(topicLength, replyLength);

    /// <summary>Header block and payload.</summary>
    public ReadOnlySpan<byte> Body => _bytes.AsSpan(topicLength + replyLength);

    /// <summary>What it weighs in the budget: as much as on its way to a connection.</summary>
    public long Weight => _bytes.Length + OutgoingMessage.Overhead;

    public string TopicText => Encoding.UTF8.GetString(Topic);

    /// <summary>It is sent or dropped.</summary>
    public void Release() => budget?.Release(Weight);

    void IUndeliverable.Undelivered() => Release();
}
