using System.Globalization;
using Bus.Benchmarks.Compare.Scenarios;

namespace Bus.Benchmarks.Compare.Results;

/// <summary>rounds.csv: every figure of every run. Table, chart and page are made from it, so a run can be continued and results can be merged.</summary>
internal static class MeasurementFile
{
    private const string Header = "scenario,server,over,round,figure,value";

    /// <exception cref="FormatException">The file is none of ours; the message names the line.</exception>
    public static IReadOnlyList<Measurement> Read(string path)
    {
        if (!File.Exists(path)) return [];
        var lines = File.ReadAllLines(path);
        if (lines.Length == 0 || lines[0] != Header) throw new FormatException($"{path} does not begin with '{Header}'; move it away.");
        return [.. lines.Skip(1).Select((line, index) => Parse(line) ?? throw new FormatException($"{path}, line {index + 2}: '{line}' is not '{Header}'."))];
    }

    public static void Write(string path, IEnumerable<Measurement> measurements) =>
        File.WriteAllLines(path, measurements.Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Scenario},{m.Who},{m.Over},{m.Round},{m.Field},{m.Value:R}")).Prepend(Header));

    private static Measurement? Parse(string line)
    {
        var cells = line.Split(',');
        return cells.Length == 6
            && Enum.TryParse<Over>(cells[2], out var over)
            && int.TryParse(cells[3], NumberStyles.None, CultureInfo.InvariantCulture, out var round)
            && double.TryParse(cells[5], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? new Measurement(cells[0], cells[1], over, round, cells[4], value)
            : null;
    }
}
