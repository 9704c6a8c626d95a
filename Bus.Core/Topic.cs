using System.Buffers;
using System.Text;

namespace Bus.Core;

/// <summary>
/// Topics and filters: names of dot-separated tokens, such as <c>orders.eu.created</c>. A filter may also hold <c>*</c>,
/// which stands for exactly one token, and <c>&gt;</c> as its last token, which stands for one or more. Letter case counts.
/// All members are thread-safe.
/// </summary>
public static class Topic
{
    /// <summary>The longest topic or filter, in UTF-8 bytes. The NATS control line (4,096 bytes) has to hold it with room for the rest.</summary>
    public const int MaxLength = 3072;

    private static readonly SearchValues<byte> Forbidden = SearchValues.Create(" \t\r\n\f"u8);

    /// <summary>Checks a name to publish to: no wildcards.</summary>
    /// <returns>The topic, unchanged.</returns>
    /// <exception cref="ArgumentException">The topic is not valid; the message names the token and its position.</exception>
    public static string Validate(string topic) => Fault(topic, wildcards: false) is { } fault ? throw new ArgumentException(fault, nameof(topic)) : topic;

    /// <summary>Checks a filter to subscribe to.</summary>
    /// <returns>The filter, unchanged.</returns>
    /// <exception cref="ArgumentException">The filter is not valid; the message names the token and its position.</exception>
    public static string ValidateFilter(string filter) => Fault(filter, wildcards: true) is { } fault ? throw new ArgumentException(fault, nameof(filter)) : filter;

    /// <summary>Checks the name of a queue group: not empty, without white space.</summary>
    /// <exception cref="ArgumentException">The name is empty or holds white space.</exception>
    public static string ValidateQueue(string queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        if (queue.Length == 0) throw new ArgumentException("The queue group's name is empty: give it a name, or none to get every message.", nameof(queue));
        if (Encoding.UTF8.GetBytes(queue).AsSpan().IndexOfAny(Forbidden) >= 0)
            throw new ArgumentException($"The queue group's name '{queue}' holds white space, which is not allowed.", nameof(queue));
        return queue;
    }

    /// <summary>Whether a filter matches a topic. The slow and obvious form, for checks outside the data path.</summary>
    public static bool Matches(string filter, string topic)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentNullException.ThrowIfNull(topic);
        string[] want = filter.Split('.'), have = topic.Split('.');
        for (var i = 0; i < want.Length; i++)
        {
            if (i >= have.Length) return false;
            if (want[i] == ">" && i == want.Length - 1) return true;
            if (want[i] != "*" && want[i] != have[i]) return false;
        }

        return want.Length == have.Length;
    }

    /// <summary>Whether a filter matches a topic that is valid. One that begins with a wildcard does not match a topic of the bus itself.</summary>
    internal static bool Matches(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> topic)
    {
        if (filter[0] is (byte)'*' or (byte)'>' && SystemTopics.IsReserved(topic)) return false;
        while (true)
        {
            if (filter is [(byte)'>']) return true;
            int filterDot = filter.IndexOf((byte)'.'), topicDot = topic.IndexOf((byte)'.');
            var want = filterDot < 0 ? filter : filter[..filterDot];
            if (want is not [(byte)'*'] && !want.SequenceEqual(topicDot < 0 ? topic : topic[..topicDot])) return false;
            if (filterDot < 0 || topicDot < 0) return filterDot < 0 && topicDot < 0;
            filter = filter[(filterDot + 1)..];
            topic = topic[(topicDot + 1)..];
        }
    }

    /// <summary>Whether every topic that the second filter matches is matched by the first.</summary>
    internal static bool Covers(ReadOnlySpan<byte> filter, ReadOnlySpan<byte> other)
    {
        while (true)
        {
            if (filter is [(byte)'>']) return true;
            var want = FirstToken(ref filter);
            var have = FirstToken(ref other);
            if (have is [(byte)'>'] || (want is not [(byte)'*'] && !want.SequenceEqual(have))) return false;
            if (filter.IsEmpty || other.IsEmpty) return filter.IsEmpty && other.IsEmpty;
        }
    }

    /// <summary>Whether any topic is matched by both filters.</summary>
    internal static bool Overlap(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        while (true)
        {
            if (one is [(byte)'>'] || other is [(byte)'>']) return true;
            var first = FirstToken(ref one);
            var second = FirstToken(ref other);
            if (first is not [(byte)'*'] && second is not [(byte)'*'] && !first.SequenceEqual(second)) return false;
            if (one.IsEmpty || other.IsEmpty) return one.IsEmpty && other.IsEmpty;
        }
    }

    /// <summary>Whether it passes <see cref="Validate"/>.</summary>
    internal static bool IsValid(string topic) => Fault(topic, wildcards: false) is null;

    /// <summary>Whether a filter holds a wildcard token.</summary>
    internal static bool HasWildcard(ReadOnlySpan<byte> filter)
    {
        foreach (var range in filter.Split((byte)'.'))
        {
            if (filter[range] is [(byte)'*'] or [(byte)'>']) return true;
        }

        return false;
    }

    /// <summary>
    /// The rule of the wire, which is nats-server's: no empty token, no white space, <c>&gt;</c> only as the last token.
    /// More lenient than <see cref="ValidateFilter"/>: a star inside a token is an ordinary character there.
    /// </summary>
    internal static bool IsValidFilter(ReadOnlySpan<byte> filter)
    {
        if (filter.IsEmpty || filter.IndexOfAny(Forbidden) >= 0) return false;
        var end = false;
        foreach (var range in filter.Split((byte)'.'))
        {
            var token = filter[range];
            if (end || token.IsEmpty) return false;
            end = token is [(byte)'>'];
        }

        return true;
    }

    /// <summary>As <see cref="IsValidFilter"/>, without wildcard tokens.</summary>
    internal static bool IsValidLiteral(ReadOnlySpan<byte> topic) => IsValidFilter(topic) && !HasWildcard(topic);

    /// <summary>Takes the first token off. Empty: there is none left.</summary>
    private static ReadOnlySpan<byte> FirstToken(ref ReadOnlySpan<byte> rest)
    {
        var dot = rest.IndexOf((byte)'.');
        var token = dot < 0 ? rest : rest[..dot];
        rest = dot < 0 ? default : rest[(dot + 1)..];
        return token;
    }

    private static string? Fault(string name, bool wildcards)
    {
        var what = wildcards ? "filter" : "topic";
        if (string.IsNullOrEmpty(name)) return $"The {what} is empty: name it with dot-separated tokens, such as 'orders.created'.";
        if (Encoding.UTF8.GetByteCount(name) is var length and > MaxLength) return $"The {what} that begins with '{name[..40]}' is {length} bytes long; at most {MaxLength} are allowed.";
        var tokens = name.Split('.');
        for (var i = 0; i < tokens.Length; i++)
        {
            if (TokenFault(tokens[i], wildcards, i == tokens.Length - 1) is { } fault) return $"The {what} '{name}' is not valid: token {i + 1}, '{tokens[i]}', {fault}.";
        }

        return null;
    }

    private static string? TokenFault(string token, bool wildcards, bool last)
    {
        if (token.Length == 0) return "is empty (two dots in a row, or a dot at an end)";
        if (token.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))) return "holds white space or a control character";
        if (token is "*" or ">")
        {
            if (!wildcards) return "is a wildcard, and one publishes to a topic without wildcards";
            return token == ">" && !last ? "stands for all that follows, so it has to be the last token" : null;
        }

        return token.AsSpan().IndexOfAny('*', '>') >= 0 ? "holds a wildcard character, which has to be a token of its own" : null;
    }
}
