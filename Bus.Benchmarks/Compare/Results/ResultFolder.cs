using Bus.Benchmarks.Compare.Output;
using Bus.Benchmarks.Compare.Scenarios;

namespace Bus.Benchmarks.Compare.Results;

/// <summary>The folder with the measurements of all runs, and what is made from them.</summary>
internal sealed class ResultFolder
{
    public ResultFolder(string folder)
    {
        Folder = Path.GetFullPath(folder);
        Directory.CreateDirectory(Folder);
    }

    public string Folder { get; }

    private string Rounds => Path.Combine(Folder, "rounds.csv");

    public IReadOnlyList<Measurement> Read() => MeasurementFile.Read(Rounds);

    public int LastRound(Scenario scenario) => Read().Where(m => m.Scenario == scenario.Key).Select(m => m.Round).DefaultIfEmpty(0).Max();

    /// <summary>Replaces what a scenario had of the same servers and transports, or adds to it.</summary>
    public void Save(Scenario scenario, IReadOnlyList<Measurement> measured, bool append) =>
        MeasurementFile.Write(Rounds, [.. Read().Where(m => append || m.Scenario != scenario.Key), .. measured]);

    public async Task WriteReportsAsync(IReadOnlyList<ResultRow> rows, CancellationToken cancellationToken)
    {
        await File.WriteAllLinesAsync(Path.Combine(Folder, "results.csv"), ResultCsv.Lines(rows), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Folder, "results.svg"), SvgChart.Draw(rows), cancellationToken);
    }
}
