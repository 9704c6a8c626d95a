namespace Bus.Cli.Demo.Workers;

/// <summary>The topic of a line: <c>text.(first letter).(short or long)</c>, so that wildcards have something to choose from.</summary>
internal static class LineTopic
{
    /// <summary>Every line.</summary>
    public const string All = "text.>";

    private const int Short = 40;
    private static readonly string[] Topics = [.. from size in new[] { "short", "long" } from letter in "abcdefghijklmnopqrstuvwxyz-" select $"text.{(letter == '-' ? "other" : letter)}.{size}"];

    public static string Of(ReadOnlySpan<byte> line)
    {
        var first = line.TrimStart(" \t"u8);
        var letter = first.IsEmpty ? -1 : (first[0] | 0x20) - 'a';
        return Topics[(letter is >= 0 and < 26 ? letter : 26) + (line.Length > Short ? 27 : 0)];
    }
}
