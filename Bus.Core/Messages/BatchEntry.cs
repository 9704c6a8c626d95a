namespace Bus.Core.Messages;

/// <summary>
/// One message of a batch, as places in the batch's slab. The body is the encoded header block followed by the payload,
/// without a gap; <see cref="HeaderLength"/> is zero when there are no headers.
/// </summary>
internal struct BatchEntry
{
    public int TopicOffset;
    public int TopicLength;
    public int ReplyOffset;
    public int ReplyLength;
    public int BodyOffset;
    public int BodyLength;
    public int HeaderLength;

    /// <summary>Set when the message is a request that several filters matched.</summary>
    public SharedMatch? Shared;

    /// <summary>Queue names that another matching filter serves for this message. Null, the usual case: serve all.</summary>
    public string[]? ExcludedQueues;

    public readonly bool HasReply => ReplyLength > 0;

    /// <summary>Whether it holds more than numbers.</summary>
    public readonly bool HasObjects => Shared is not null || ExcludedQueues is not null;
}
