using System.Text;
using Bus.Core.Client;

namespace Bus.Core.Routes;

/// <summary>The path of a request, taken apart: segments and query, both decoded.</summary>
internal sealed class RoutePath
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private RoutePath(string text, RouteValues query, string[] segments, bool endsWithSlash) => (Text, Query, Segments, EndsWithSlash) = (text, query, segments, endsWithSlash);

    /// <summary>The path as it was sent, without the query.</summary>
    public string Text { get; }

    /// <summary>What stands between the slashes, decoded; a slash at the end makes none.</summary>
    public string[] Segments { get; }

    /// <summary>Whether a slash follows the last segment.</summary>
    public bool EndsWithSlash { get; }

    public RouteValues Query { get; }

    /// <param name="target">Path and query, such as <c>/users/42?full=1</c>. Empty, or without its first slash, it is read as if it had one.</param>
    /// <param name="maxLength">Characters allowed.</param>
    /// <exception cref="RemoteErrorException">It is too long, or its encoding is broken.</exception>
    public static RoutePath Parse(string target, int maxLength)
    {
        if (target.Length > maxLength) throw new RemoteErrorException($"The path is {target.Length:N0} characters long; this router allows {maxLength:N0}.", 414, "path-too-long");
        var mark = target.IndexOf('?');
        var text = mark < 0 ? target : target[..mark];
        if (!text.StartsWith('/')) text = "/" + text;
        var query = mark < 0 ? "" : target[(mark + 1)..];
        // The query is read now, so that a broken one fails here and not in the middle of a handler.
        return Split(text, ParseQuery(query));
    }

    /// <summary>Replaces <c>%XX</c> by the characters that are meant.</summary>
    /// <returns>Null: the encoding is broken.</returns>
    public static string? Decode(string text)
    {
        if (!text.Contains('%')) return text;
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                var run = text.AsSpan(i);
                if (run.IndexOf('%') is > 0 and var end) run = run[..end];
                length += Encoding.UTF8.GetBytes(run, bytes.AsSpan(length));
                i += run.Length - 1;
                continue;
            }

            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2])) return null;
            bytes[length++] = Convert.FromHexString(text.AsSpan(i + 1, 2))[0];
            i += 2;
        }

        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static RoutePath Split(string text, RouteValues query)
    {
        if (text.Length == 1) return new RoutePath(text, query, [], endsWithSlash: false);
        var endsWithSlash = text.EndsWith('/');
        var segments = text[1..(endsWithSlash ? ^1 : ^0)].Split('/');
        for (var i = 0; i < segments.Length; i++)
            segments[i] = Decode(segments[i]) ?? throw Broken("path", segments[i]);
        return new RoutePath(text, query, segments, endsWithSlash);
    }

    // As forms do it: a plus is a blank, a name without '=' has the empty value.
    private static RouteValues ParseQuery(string text)
    {
        var values = new List<KeyValuePair<string, string>>();
        foreach (var part in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = part.IndexOf('=');
            var name = (at < 0 ? part : part[..at]).Replace('+', ' ');
            var value = at < 0 ? "" : part[(at + 1)..].Replace('+', ' ');
            values.Add(new(Decode(name) ?? throw Broken("query", part), Decode(value) ?? throw Broken("query", part)));
        }

        return new RouteValues("query", values);
    }

    private static RemoteErrorException Broken(string what, string part) =>
        new($"The {what} holds '{(part.Length <= 100 ? part : part[..100] + "...")}', which is not percent-encoded UTF-8: a percent sign itself is written %25.", 400, BusErrors.BadRequest);
}
