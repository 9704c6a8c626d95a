using System.CommandLine;
using Bus.Cli.Execution;
using Bus.Cli.Output;
using Bus.Core.Client;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus request</c>: sends a request and prints the reply.</summary>
internal static class RequestCommand
{
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var topic = CommonOptions.Topic();
        var payload = new PayloadArgument { MayBeLeftOut = true };
        var headers = CommonOptions.Headers();
        var timeout = new TimeOption("--timeout", "How long to wait for the reply; connecting may take no longer either, but at least 5s", RequestOptions.DefaultTimeout) { Aliases = { "-t" } };
        var json = new Option<bool>("--json", "-j") { Description = "Print the reply as a JSON object: topic (of the request), headers, payload (or payload_base64)" };
        var exact = new Option<bool>("--no-newline") { Description = "Print the reply's bytes without a line feed behind them" };
        var bus = new BusOptions();

        var command = new Command("request", "Send a request and print the reply. Exits with 3 if nobody responds, with 4 if no reply comes in time.") { topic, payload.Text, payload.File, headers, timeout, json, exact };
        foreach (var option in bus.All) command.Options.Add(option);
        payload.Validate(command);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "request", cancellationToken, Patience(timeout.Of(parsed)));
            var source = payload.Of(parsed);
            var options = new RequestOptions { Headers = parsed.GetValue(headers), Timeout = timeout.Of(parsed) };
            var request = await source.ReadAsync(session.Bus.MaxPayload, cancellationToken);
            var reply = await session.Bus.RequestMessageAsync<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(parsed.GetValue(topic)!, request, options, cancellationToken);
            ReplyPrinter.Print(reply, "topic", parsed.GetValue(topic)!, parsed.GetValue(json), newline: !parsed.GetValue(exact));
            return ExitCode.Ok;
        }));
        return command;
    }

    /// <summary>How long connecting may take: whoever gives a reply 50 ms does not mean the connection, and the start of this process.</summary>
    public static TimeSpan Patience(TimeSpan timeout) => timeout > LeastPatience ? timeout : LeastPatience;
}
