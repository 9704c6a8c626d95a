using System.Globalization;
using System.Text;

namespace Bus.Cli.Output;

/// <summary>Shows control characters as escapes, so that no text can play with the terminal or fake a line of its own.</summary>
internal static class Printable
{
    public static string Text(string text) => text.Any(char.IsControl) ? Append(new StringBuilder(), text).ToString() : text;

    public static StringBuilder Append(StringBuilder target, string text)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '\t' => target.Append(c),
                '\n' => target.Append(@"\n"),
                '\r' => target.Append(@"\r"),
                _ when char.IsControl(c) => target.Append(CultureInfo.InvariantCulture, $@"\x{(int)c:x2}"),
                _ => target.Append(c),
            };
        }

        return target;
    }
}
