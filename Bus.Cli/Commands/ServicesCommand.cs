using System.CommandLine;
using System.Globalization;
using Bus.Cli.Execution;
using Bus.Cli.Output;
using Bus.Core;
using Bus.Core.Presence;
using Bus.Core.Rpc;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus services</c>: which services are on the bus, and what they have done.</summary>
internal static class ServicesCommand
{
    public static Command Create()
    {
        var name = CommonOptions.ServiceName("service", "Only the instances of this service");
        name.Arity = ArgumentArity.ZeroOrOne;
        var json = new Option<bool>("--json", "-j") { Description = "Print the JSON object that the bus sent" };
        var bus = new BusOptions();
        var command = new Command("services", "Show the services that are on the bus, an instance a line: whose they are, what they offer and what they have done. Services of any NATS library are among them.") { name, json };
        foreach (var option in bus.All) command.Options.Add(option);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "services", cancellationToken);
            var service = parsed.GetValue(name);
            if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(await session.Bus.RequestAsync<string, string>(SystemTopics.Services, service ?? "", timeout: null, cancellationToken));
            else await PrintAsync(await session.Bus.GetServicesAsync(service, cancellationToken));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task PrintAsync(IReadOnlyList<ServiceInstance> services)
    {
        foreach (var line in TextTable.Lines([["SERVICE", "VERSION", "INSTANCE", "CLIENT", "PID", "SINCE", "REQUESTS", "ERRORS", "METHODS"], .. services.Select(Row)])) await Console.Out.WriteLineAsync(line);
    }

    private static string[] Row(ServiceInstance service) =>
    [
        service.Name,
        service.Version ?? "?",
        service.Id,
        service.Client ?? "-",
        service.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-",
        service.Since.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        Sum(service, endpoint => endpoint.Requests),
        Sum(service, endpoint => endpoint.Errors),
        service.LastHeard is null ? "(does not answer)" : string.Join(", ", service.Endpoints.Select(endpoint => endpoint.Name)),
    ];

    private static string Sum(ServiceInstance service, Func<ServiceEndpoint, long?> number) =>
        service.Endpoints.Any(endpoint => number(endpoint) is null) ? "-" : service.Endpoints.Sum(number)!.Value.ToString(CultureInfo.InvariantCulture);
}
