using System.Text;
using System.Text.RegularExpressions;

namespace Bus.Tests.Transport.Nats;

/// <summary>Wire bytes written as text: \r, \n, \t, \\ and \xHH are escapes, {a*4094} is a run. Tables of such lines are embedded in the test assembly.</summary>
internal static partial class WireText
{
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(Escape().Replace(text, Expand));

    /// <summary>The rows of an embedded table, split at tabs, without comments.</summary>
    public static IReadOnlyList<string[]> Table(string name)
    {
        using var stream = typeof(WireText).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"No embedded table '{name}' in the test assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var rows = reader.ReadToEnd().Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('\t')).ToList();
        return rows.Count > 0 ? rows : throw new InvalidOperationException($"The table '{name}' is empty.");
    }

    private static string Expand(Match match) => match.Value switch
    {
        @"\r" => "\r",
        @"\n" => "\n",
        @"\t" => "\t",
        @"\\" => @"\",
        _ when match.Groups["hex"].Success => ((char)Convert.ToInt32(match.Groups["hex"].Value, 16)).ToString(),
        _ => new string(match.Groups["run"].Value[0], int.Parse(match.Groups["count"].Value)),
    };

    [GeneratedRegex(@"\\[rnt\\]|\\x(?<hex>[0-9a-f]{2})|\{(?<run>.)\*(?<count>[0-9]+)\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 30_000)]
    private static partial Regex Escape();
}
