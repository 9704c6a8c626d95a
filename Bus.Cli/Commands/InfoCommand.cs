using System.CommandLine;
using System.Text.Json;
using Bus.Cli.Execution;
using Bus.Core.Client;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus info</c>: what the bus says of itself.</summary>
internal static class InfoCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json", "-j") { Description = "Print it as the JSON object that the bus sent" };
        var bus = new BusOptions();
        var command = new Command("info", "Show what the bus says of itself.") { json };
        foreach (var option in bus.All) command.Options.Add(option);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            var endpoint = bus.Endpoint(parsed);
            await bus.WaitAsync(parsed, "info", cancellationToken);
            var info = await ReadAsync(endpoint, bus.ConnectTimeout(parsed), cancellationToken);
            if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(info);
            else await PrintAsync(endpoint, info);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task<string> ReadAsync(BusEndpoint endpoint, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            return await ServerGreeting.ReadAsync(endpoint, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BusConnectException($"What listens at {endpoint} did not say anything within {patience.TotalSeconds:0.###} s: it is no bus, or it hangs. Check the URL.");
        }
    }

    private static async Task PrintAsync(BusEndpoint endpoint, string info)
    {
        using var json = JsonDocument.Parse(info);
        var fields = json.RootElement.EnumerateObject().Select(p => (p.Name, Value: p.Value.ToString())).Prepend(("url", endpoint.ToString())).ToList();
        var width = fields.Max(f => f.Item1.Length);
        foreach (var (name, value) in fields) await Console.Out.WriteLineAsync($"{name.PadRight(width)}  {value}");
    }
}
