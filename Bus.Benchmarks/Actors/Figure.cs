using System.Globalization;

namespace Bus.Benchmarks.Actors;

/// <summary>One line of the figures: how many a second, and the bytes of each one; nothing a second if it is only about bytes.</summary>
internal sealed record Figure(string What, double? PerSecond, double Bytes)
{
    /// <summary>Writes the figures of one runtime; the first line names it.</summary>
    public static void Save(string path, string runtime, IEnumerable<Figure> figures) => File.WriteAllLines(
        path, figures.Select(f => string.Create(CultureInfo.InvariantCulture, $"\"{f.What}\";{f.PerSecond:F0};{f.Bytes:F1}")).Prepend($"\"{runtime}\";per second;bytes"));

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    public static (string Runtime, IReadOnlyList<Figure> Figures) Load(string path)
    {
        var lines = File.ReadAllLines(path).Select(line => line.Split(';')).ToList();
        return (lines[0][0].Trim('"'), [.. lines.Skip(1).Select(cells => new Figure(
            cells[0].Trim('"'),
            cells[1].Length == 0 ? null : double.Parse(cells[1], CultureInfo.InvariantCulture),
            double.Parse(cells[2], CultureInfo.InvariantCulture)))]);
    }
}
