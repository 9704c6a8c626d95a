namespace Bus.Cli.Output;

/// <summary>Columns for people: as wide as their widest cell, two blanks apart.</summary>
internal static class TextTable
{
    /// <param name="rows">The first has the headings. All are of one length.</param>
    /// <returns>The lines.</returns>
    public static IEnumerable<string> Lines(IReadOnlyList<string[]> rows)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return rows.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
