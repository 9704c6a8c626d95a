namespace Bus.Transport.Nats;

/// <summary>One parsed frame. Every slice is relative to the span that was parsed; parts that the verb does not have are empty.</summary>
internal struct NatsFrame
{
    public NatsOp Op;

    /// <summary>PUB, HPUB, SUB, MSG, HMSG: the subject, not validated.</summary>
    public NatsSlice Subject;

    /// <summary>PUB, HPUB, MSG, HMSG: the reply subject, empty when there is none.</summary>
    public NatsSlice ReplyTo;

    /// <summary>SUB: the queue group, empty when there is none.</summary>
    public NatsSlice Queue;

    /// <summary>SUB, UNSUB, MSG, HMSG.</summary>
    public NatsSlice Sid;

    /// <summary>CONNECT, INFO: the JSON; -ERR: the text without its quotes.</summary>
    public NatsSlice Argument;

    /// <summary>PUB, HPUB, MSG, HMSG: where the header block (if any) starts; the payload follows it without a gap.</summary>
    public int BodyOffset;

    /// <summary>Bytes of the header block, 0 when there is none.</summary>
    public int HeaderLength;

    /// <summary>Bytes of header block and payload together.</summary>
    public int BodyLength;

    /// <summary>UNSUB: how many messages the subscription may get in all; 0 ends it now.</summary>
    public long Max;

    /// <summary>Bytes of the whole frame, its last line feed included.</summary>
    public int Consumed;

    public readonly NatsSlice Body => new(BodyOffset, BodyLength);

    public readonly NatsSlice Header => new(BodyOffset, HeaderLength);

    public readonly NatsSlice Payload => new(BodyOffset + HeaderLength, BodyLength - HeaderLength);
}
