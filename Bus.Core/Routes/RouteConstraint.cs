using System.Globalization;
using System.Text.RegularExpressions;

namespace Bus.Core.Routes;

/// <summary>What a segment has to look like to be the value of a parameter.</summary>
internal static class RouteConstraint
{
    private const string Known = "int, decimal, bool, guid, date, alpha, alnum, min=N, max=N, length=N, minlength=N, maxlength=N, in=a|b|c and, as the last one, regex=EXPRESSION";
    private const string Expression = "regex=";

    /// <param name="text">What stands in the brackets: one or more, with commas in between.</param>
    /// <exception cref="FormatException">One of them is unknown; the message says which.</exception>
    public static Func<string, bool>[] Parse(string text)
    {
        // It is the last one and has all of the rest: there may be commas in it.
        var at = $",{text}".IndexOf($",{Expression}", StringComparison.Ordinal);
        if (at == 0) return [Matches(text[Expression.Length..])];
        return at < 0 ? [.. text.Split(',').Select(part => One(part.Trim()))] : [.. Parse(text[..(at - 1)]), .. Parse(text[at..])];
    }

    private static Func<string, bool> Matches(string expression)
    {
        try
        {
            // Without backtracking, the time it takes is in proportion to the value: nobody can send one that holds up the service.
            const RegexOptions options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;
            // By itself first: 'a)|(b' is none.
            _ = new Regex(expression, options, Regex.InfiniteMatchTimeout);
            return new Regex($@"\A(?:{expression})\z", options, Regex.InfiniteMatchTimeout).IsMatch;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"has a regular expression that cannot be used: {e.Message.TrimEnd('.')}", e);
        }
    }

    private static Func<string, bool> One(string text)
    {
        var at = text.IndexOf('=');
        if (at >= 0) return WithArgument(text, text[..at].Trim(), text[(at + 1)..].Trim());
        return text switch
        {
            "int" => static value => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "decimal" => static value => TryNumber(value, out _),
            "bool" => static value => bool.TryParse(value, out _),
            "guid" => static value => Guid.TryParseExact(value, "D", out _) || Guid.TryParseExact(value, "N", out _),
            "date" => static value => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "alpha" => static value => value.All(char.IsAsciiLetter),
            "alnum" => static value => value.All(char.IsAsciiLetterOrDigit),
            _ => throw Unknown(text),
        };
    }

    private static Func<string, bool> WithArgument(string text, string name, string argument)
    {
        if (name == "in" && argument.Split('|') is var choices) return value => Array.Exists(choices, choice => choice == value);
        if (!TryNumber(argument, out var limit)) throw Unknown(text);
        return name switch
        {
            "min" => value => TryNumber(value, out var number) && number >= limit,
            "max" => value => TryNumber(value, out var number) && number <= limit,
            "length" => value => value.Length == limit,
            "minlength" => value => value.Length >= limit,
            "maxlength" => value => value.Length <= limit,
            _ => throw Unknown(text),
        };
    }

    private static bool TryNumber(string text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);

    private static FormatException Unknown(string text) => new($"the constraint '{text}' is unknown; there are {Known}");
}
