using System.Collections;
using Bus.Core.Client;

namespace Bus.Core.Routes;

/// <summary>
/// The pattern of a path: segments that are literal (<c>users</c>), a parameter (<c>:id</c>), one that may be missing (<c>:id?</c>), one of many segments (<c>:path+</c>
/// one or more, <c>:path*</c> none or more), or a wildcard (<c>*</c>, <c>*rest</c>: none or more); a parameter may be constrained (<c>:id(int,min=1)</c>). Thread-safe.
/// </summary>
/// <remarks>
/// Where several ways of matching exist, segments further left take as many as they can. Segments are compared decoded, so <c>%2F</c> in a path is part of a value and
/// divides nothing.
/// </remarks>
public sealed class RoutePattern
{
    private readonly RouteToken[] _tokens;
    private readonly StringComparison _comparison;
    private readonly bool _isStrict;
    private readonly bool _endsWithSlash;
    private readonly int _least;
    private readonly int _variable;

    private RoutePattern(string text, RouteToken[] tokens, RouterOptions options)
    {
        (Text, _tokens) = (text, tokens);
        _comparison = options.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        _endsWithSlash = text.Length > 1 && text.EndsWith('/');
        // What takes all that is left takes the slash as well.
        _isStrict = options.Strict && tokens is not [.., { IsMany: true }];
        _least = tokens.Sum(token => token.Least);
        _variable = tokens.Count(token => !token.IsFixed);
        Parameters = [.. tokens.Where(token => token.Name is not null).Select(token => token.Name!)];
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>The names of its parameters, in order.</summary>
    public IReadOnlyList<string> Parameters { get; }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">Such as <c>/users/:id</c>.</param>
    /// <param name="options">Letter case and slashes. Default: neither counts.</param>
    /// <exception cref="ArgumentException">It is no pattern; the message says where and why.</exception>
    public static RoutePattern Parse(string text, RouterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.StartsWith('/')) throw new ArgumentException($"The pattern '{text}' does not begin with a slash: write '/{text}'.", nameof(text));
        var parts = text == "/" ? [] : text[1..(text.Length > 1 && text.EndsWith('/') ? ^1 : ^0)].Split('/');
        var tokens = new RouteToken[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            try
            {
                tokens[i] = RouteToken.Parse(parts[i]);
            }
            catch (FormatException e)
            {
                throw new ArgumentException($"The pattern '{text}' is not valid: segment {i + 1}, '{parts[i]}', {e.Message}.", nameof(text), e);
            }
        }

        var twice = tokens.Where(token => token.Name is not null).GroupBy(token => token.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw new ArgumentException($"The pattern '{text}' is not valid: the parameter '{twice.Key}' occurs twice.", nameof(text));
        return new RoutePattern(text, tokens, RouterOptions.Check(options));
    }

    /// <summary>Matches a whole path.</summary>
    /// <param name="path">Such as <c>/users/42</c>; a query is ignored.</param>
    /// <returns>The parameters, or null when it does not match.</returns>
    /// <exception cref="RemoteErrorException">The encoding of the path is broken.</exception>
    public RouteValues? Match(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var values = new List<KeyValuePair<string, string>>();
        return Match(RoutePath.Parse(path, int.MaxValue), 0, isPrefix: false, values) < 0 ? null : RouteValues.NoParameters.With(values);
    }

    /// <inheritdoc />
    public override string ToString() => Text;

    /// <summary>Matches the rest of a path, or the beginning of the rest.</summary>
    /// <param name="path">The path.</param>
    /// <param name="start">The first segment that counts.</param>
    /// <param name="isPrefix">Whether segments may be left.</param>
    /// <param name="values">Gets the parameters.</param>
    /// <returns>The first segment that was not taken; negative: it does not match.</returns>
    internal int Match(RoutePath path, int start, bool isPrefix, List<KeyValuePair<string, string>> values)
    {
        var left = path.Segments.Length - start;
        if (left < _least || (!isPrefix && _variable == 0 && left > _tokens.Length)) return -1;
        if (!isPrefix && _isStrict && path.EndsWithSlash != _endsWithSlash) return -1;
        // Which token failed on which segment, else many wildcards on a long path would take for ever.
        var failed = _variable > 1 ? new BitArray((_tokens.Length + 1) * (left + 1)) : null;
        var end = Match(path.Segments, start, 0, start, isPrefix, failed, values);
        // They were found from the end to the beginning.
        values.Reverse();
        return end;
    }

    private int Match(string[] segments, int start, int token, int at, bool isPrefix, BitArray? failed, List<KeyValuePair<string, string>> values)
    {
        if (token == _tokens.Length) return isPrefix || at == segments.Length ? at : -1;
        var key = (token * (segments.Length - start + 1)) + at - start;
        if (failed is not null && failed[key]) return -1;
        var current = _tokens[token];
        var most = at;
        var bound = current.IsMany ? segments.Length : Math.Min(at + 1, segments.Length);
        while (most < bound && current.Accepts(segments[most], _comparison)) most++;
        for (var end = most; end >= at + current.Least; end--)
        {
            var rest = Match(segments, start, token + 1, end, isPrefix, failed, values);
            if (rest < 0) continue;
            if (current.Name is { } name)
            {
                for (var i = end - 1; i >= at; i--) values.Add(new(name, segments[i]));
            }

            return rest;
        }

        failed?.Set(key, true);
        return -1;
    }
}
