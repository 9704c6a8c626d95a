using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bus.Cli.Execution;
using Bus.Core.Client;
using Bus.Core.Presence;
using Bus.Core.Rpc;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus discover</c>: what one can talk to on a bus.</summary>
internal static class DiscoverCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static Command Create()
    {
        var json = new Option<bool>("--json", "-j") { Description = "Print one JSON object: clients, services" };
        var bus = new BusOptions();
        var command = new Command("discover", "Show what one can talk to: the services with their methods, and the clients by name.") { json };
        foreach (var option in bus.All) command.Options.Add(option);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "discover", cancellationToken);
            var services = await session.Bus.GetServicesAsync(cancellationToken: cancellationToken);
            // Not we ourselves.
            IReadOnlyList<BusParticipant> clients = [.. (await session.Bus.GetClientsAsync(cancellationToken)).Where(client => client.Name != session.Bus.Name)];
            if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new { clients, services }, Json));
            else foreach (var line in Lines(services, clients)) await Console.Out.WriteLineAsync(line);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static IEnumerable<string> Lines(IReadOnlyList<ServiceInstance> services, IReadOnlyList<BusParticipant> clients)
    {
        if (services.Count == 0 && clients.Count == 0) yield return "nobody else is on the bus";
        foreach (var service in services.GroupBy(service => service.Name, StringComparer.Ordinal))
        {
            var first = service.First();
            var versions = string.Join(", ", service.Select(instance => instance.Version ?? "?").Distinct(StringComparer.Ordinal));
            var count = service.Count() == 1 ? "1 instance" : string.Create(CultureInfo.InvariantCulture, $"{service.Count()} instances");
            yield return $"service {service.Key} {versions}, {count}{(first.Description is { } text ? $": {text}" : "")}";
            foreach (var method in service.SelectMany(instance => instance.Endpoints).DistinctBy(endpoint => endpoint.Topic, StringComparer.Ordinal))
            {
                yield return $"  {method.Name}{(method.Topic == $"{service.Key}.{method.Name}" ? "" : $" on {method.Topic}")}{(method.Metadata?.GetValueOrDefault("description") is { } what ? $": {what}" : "")}";
            }
        }

        foreach (var client in clients) yield return $"client {client.Name}{(client.Program is null ? "" : $" ({client.Program})")}";
    }
}
