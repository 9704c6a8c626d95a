namespace Bus.Core.Messages;

/// <summary>
/// What tells a request from others although it comes twice: its id, and who sent it. That is known by where the answers go: one caller has all of them below one topic, which
/// only it reads, such as <c>_INBOX.a1b2.*</c>. An answer that is given again thus reaches none but the one who could have read the first.
/// </summary>
internal readonly struct RequestKey(string id, string? replyTo) : IEquatable<RequestKey>
{
    private readonly string _id = id;
    private readonly string _replyTo = replyTo ?? "";
    private readonly int _callerLength = CallerLength(replyTo);

    /// <summary>What it takes to remember it, in bytes.</summary>
    public int Weight => 2 * (_id.Length + _replyTo.Length);

    private ReadOnlySpan<char> Caller => _replyTo.AsSpan(0, _callerLength);

    public bool Equals(RequestKey other) => _id == other._id && Caller.SequenceEqual(other.Caller);

    public override bool Equals(object? obj) => obj is RequestKey other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_id.GetHashCode(StringComparison.Ordinal), string.GetHashCode(Caller, StringComparison.Ordinal));

    /// <summary>A topic of two tokens is an inbox for one answer: many have those below the same first token.</summary>
    private static int CallerLength(string? replyTo)
    {
        if (replyTo is null) return 0;
        var end = replyTo.LastIndexOf('.');
        return end > 0 && replyTo.AsSpan(0, end).Contains('.') ? end : replyTo.Length;
    }
}
