using System.CommandLine;
using Bus.Cli.Execution;
using Bus.Cli.Output;
using Bus.Core.Client;
using Bus.Core.Rpc;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus call</c>: calls a method of a service and prints the answer.</summary>
internal static class CallCommand
{
    public static Command Create()
    {
        var service = CommonOptions.ServiceName("service", "The service, such as users");
        var method = CommonOptions.ServiceName("method", "Its method, such as get; 'ipcbus discover' shows what there is");
        var payload = new PayloadArgument { MayBeLeftOut = true };
        var headers = CommonOptions.Headers();
        var instance = new Option<string?>("--instance") { Description = "Call this instance of the service, and no other: 'ipcbus services' shows their ids", HelpName = "id" };
        instance.Validators.Add(result => CommonOptions.Check(result, () => CommonOptions.CheckServiceName(result)));
        var timeout = new TimeOption("--timeout", "How long to wait for the answer; connecting may take no longer either, but at least 5s", RequestOptions.DefaultTimeout) { Aliases = { "-t" } };
        var json = new Option<bool>("--json", "-j") { Description = "Print the answer as a JSON object: topic (of the call), headers, payload (or payload_base64)" };
        var exact = new Option<bool>("--no-newline") { Description = "Print the answer's bytes without a line feed behind them" };
        var bus = new BusOptions();

        var command = new Command("call", "Call a method of a service and print the answer. Exits with 3 if there is no such service or method, with 4 if no answer comes in time.") { service, method, payload.Text, payload.File, headers, instance, timeout, json, exact };
        foreach (var option in bus.All) command.Options.Add(option);
        payload.Validate(command);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "call", cancellationToken, RequestCommand.Patience(timeout.Of(parsed)));
            var request = await payload.Of(parsed).ReadAsync(session.Bus.MaxPayload, cancellationToken);
            var options = new ServiceCallOptions { Headers = parsed.GetValue(headers), Timeout = timeout.Of(parsed), Instance = parsed.GetValue(instance) };
            var (name, called) = (parsed.GetValue(service)!, parsed.GetValue(method)!);
            var answer = await session.Bus.CallMessageAsync<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(name, called, request, options, cancellationToken);
            ReplyPrinter.Print(answer, "topic", $"{name}.{called}", parsed.GetValue(json), newline: !parsed.GetValue(exact));
            return ExitCode.Ok;
        }));
        return command;
    }
}
