using System.Globalization;
using Bus.Benchmarks.Compare.Scenarios;
using Bus.Benchmarks.Compare.Servers;

namespace Bus.Benchmarks.Compare.Loads;

/// <summary>A run of natsload. It reads the server's CPU and memory from /proc itself.</summary>
internal sealed record NatsLoad(string Mode, params (string Name, long Value)[] Options) : Load
{
    public override async Task<IReadOnlyDictionary<string, double>> RunAsync(ServerProcess server, Over over, Tools tools, CancellationToken cancellationToken)
    {
        string[] arguments =
        [
            Mode, server.Address(over), .. Options.SelectMany(option => (string[])[$"--{option.Name}", Text(option.Value)]),
            "--pid", Text(server.Id), "--timeout", "30",
        ];
        var output = await ChildProcess.RunAsync(tools.NatsLoad, arguments, Tools.LoadLimit, cancellationToken);
        return output.ExitCode == 0
            ? LoadReport.Parse(Mode, output.Text)
            : throw new LoadFailedException($"natsload {string.Join(' ', arguments)} ended with exit code {output.ExitCode}: {output.Text.Trim()} {output.Errors.Trim()}");
    }

    public override Load Divided(int by) => With("n", Math.Max(Options.First(option => option.Name == "n").Value / by, 200));

    /// <summary>The same load with an option added or set to another value.</summary>
    public NatsLoad With(string name, long value) => this with { Options = [.. Options.Where(option => option.Name != name), (name, value)] };

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
