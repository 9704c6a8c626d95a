#nullable disable

using System.Text.RegularExpressions;

namespace Bus.Actors.TestKit;

/// <summary>Which texts a filter lets through; all when nothing is given.</summary>
internal sealed record TextMatch(string Description, Predicate<string> Matches)
{
    private static readonly TextMatch All = new("", static _ => true);

    public static TextMatch Of(string message, string start, string contains)
    {
        if (message is not null) return new TextMatch($" '{message}'", text => text == message);
        if (start is not null) return new TextMatch($" that starts with '{start}'", text => text.StartsWith(start, StringComparison.Ordinal));
        return contains is null ? All : new TextMatch($" that contains '{contains}'", text => text.Contains(contains, StringComparison.Ordinal));
    }

    public static TextMatch Of(Regex pattern) => pattern is null ? All : new TextMatch($" that matches '{pattern}'", pattern.IsMatch);
}
