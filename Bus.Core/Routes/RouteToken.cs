namespace Bus.Core.Routes;

/// <summary>One segment of a pattern.</summary>
/// <param name="Name">The name of the parameter; null for a literal and for a wildcard without one.</param>
/// <param name="Literal">What the segment has to be, decoded; null for a parameter.</param>
/// <param name="Least">Segments that it takes at least: none or one.</param>
/// <param name="IsMany">Whether it takes more than one.</param>
/// <param name="Constraints">What each segment has to be like.</param>
internal sealed record RouteToken(string? Name, string? Literal, int Least, bool IsMany, Func<string, bool>[] Constraints)
{
    /// <summary>Whether it always takes exactly one segment.</summary>
    public bool IsFixed => Least == 1 && !IsMany;

    public bool Accepts(string segment, StringComparison comparison)
    {
        if (Literal is not null) return segment.Equals(Literal, comparison);
        // Only what takes all that is left takes also the nothing between two slashes.
        if (segment.Length == 0 && !(IsMany && Least == 0)) return false;
        foreach (var constraint in Constraints)
        {
            if (!constraint(segment)) return false;
        }

        return true;
    }

    /// <param name="text">What stands between two slashes of a pattern.</param>
    /// <exception cref="FormatException">It is none; the message says why, to stand behind the segment.</exception>
    public static RouteToken Parse(string text) => text switch
    {
        "" => throw new FormatException("is empty (two slashes in a row)"),
        [':', .. var rest] => Parameter(rest),
        ['*', .. var rest] => Wildcard(rest),
        _ => Fixed(text),
    };

    private static RouteToken Parameter(string text)
    {
        var end = text.AsSpan().IndexOfAny("(?*+");
        var name = CheckName(end < 0 ? text : text[..end]);
        var rest = end < 0 ? "" : text[end..];
        Func<string, bool>[] constraints = [];
        if (rest.StartsWith('('))
        {
            var close = rest.LastIndexOf(')');
            if (close < 0) throw new FormatException("has a bracket that is not closed");
            constraints = RouteConstraint.Parse(rest[1..close]);
            rest = rest[(close + 1)..];
        }

        return rest switch
        {
            "" => new(name, null, 1, false, constraints),
            "?" => new(name, null, 0, false, constraints),
            "+" => new(name, null, 1, true, constraints),
            "*" => new(name, null, 0, true, constraints),
            _ => throw new FormatException($"has '{rest}' behind the parameter, which is a whole segment; only one of ? + * may follow it"),
        };
    }

    private static RouteToken Wildcard(string name) => new(name.Length == 0 ? null : CheckName(name), null, 0, true, []);

    private static RouteToken Fixed(string text)
    {
        if (text.AsSpan().IndexOfAny('{', '}') >= 0) throw new FormatException("holds a brace: a parameter is written :name");
        if (text.AsSpan().IndexOfAny(":*?()") is >= 0 and var at)
            throw new FormatException($"holds '{text[at]}' within a literal: a parameter is a whole segment, and the character itself is written {Uri.HexEscape(text[at])}");
        return new(null, RoutePath.Decode(text) ?? throw new FormatException("is not percent-encoded UTF-8: a percent sign itself is written %25"), 1, false, []);
    }

    private static string CheckName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            ? name
            : throw new FormatException("has a parameter whose name is not made of letters, digits and underscores, or begins with a digit");
}
