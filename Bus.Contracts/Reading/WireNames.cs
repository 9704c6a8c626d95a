using System.Text;

namespace Bus.Contracts.Reading;

/// <summary>Names on the bus.</summary>
internal static class WireNames
{
    private const int MaxName = 128;

    public static bool IsValid(string? name) => name is { Length: > 0 and <= MaxName } && name.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-');

    /// <summary>The name of a method that has chosen none: <c>FindByNameAsync</c> is called <c>find-by-name</c>.</summary>
    public static string OfMethod(string name)
    {
        const string suffix = "Async";
        if (name.Length > suffix.Length && name.EndsWith(suffix, StringComparison.Ordinal)) name = name.Substring(0, name.Length - suffix.Length);
        var kebab = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            // A word begins behind a small letter or a digit, and before the last of some capitals: GetURLOf is get-url-of.
            if (i > 0 && char.IsUpper(name[i]) && name[i - 1] != '_' && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])))) kebab.Append('-');
            kebab.Append(char.ToLowerInvariant(name[i]));
        }

        return kebab.ToString();
    }

    /// <summary>The name of the type of a request: <c>find-by-name</c> is asked with a <c>FindByNameRequest</c>.</summary>
    public static string OfRequest(string wireName)
    {
        var words = wireName.Split(['-', '_'], StringSplitOptions.RemoveEmptyEntries);
        var pascal = string.Concat(words.Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));
        return pascal.Length > 0 && char.IsDigit(pascal[0]) ? $"_{pascal}Request" : $"{pascal}Request";
    }
}
