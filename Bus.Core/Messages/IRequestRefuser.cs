namespace Bus.Core.Messages;

/// <summary>A producer that passes on what was sent elsewhere: whoever drops one of its requests tells it, for the requester is there.</summary>
internal interface IRequestRefuser
{
    /// <summary>Nobody here takes the request. Called from any thread.</summary>
    /// <param name="replyTo">Where its answer is expected.</param>
    void Refuse(ReadOnlySpan<byte> replyTo);
}
