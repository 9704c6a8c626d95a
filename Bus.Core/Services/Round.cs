namespace Bus.Core.Services;

/// <summary>Somebody has asked, and waits for what others answer. Owned by the service that asks them; also the message by which its timer ends it.</summary>
internal abstract class Round(object origin, byte[] replyTo)
{
    /// <summary>Who wants to know.</summary>
    public object Origin => origin;

    public byte[] ReplyTo => replyTo;

    /// <summary>Nobody is missing any more.</summary>
    public abstract bool IsComplete { get; }
}
