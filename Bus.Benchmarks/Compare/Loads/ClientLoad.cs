using Bus.Benchmarks.Client;
using Bus.Benchmarks.Compare.Scenarios;
using Bus.Benchmarks.Compare.Servers;

namespace Bus.Benchmarks.Compare.Loads;

/// <summary>A load through the C# client's public API, in a process of its own.</summary>
internal sealed record ClientLoad(string Mode, int Count, int Size, int Window = 1) : Load
{
    public override async Task<IReadOnlyDictionary<string, double>> RunAsync(ServerProcess server, Over over, Tools tools, CancellationToken cancellationToken)
    {
        var output = await ChildProcess.RunAsync("dotnet", ClientCommand.Arguments(Mode, server.Address(over), Count, Size, Window), Tools.LoadLimit, cancellationToken);
        return output.ExitCode == 0
            ? LoadReport.Parse(Mode, output.Text)
            : throw new LoadFailedException($"The C# client ({Mode} over {over.Name()}) ended with exit code {output.ExitCode}: {output.Text.Trim()} {output.Errors.Trim()}");
    }

    public override Load Divided(int by) => this with { Count = Math.Max(Count / by, 1_000) };
}
