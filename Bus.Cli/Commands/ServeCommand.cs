using System.CommandLine;
using System.CommandLine.Parsing;
using Bus.Cli.Execution;
using Bus.Cli.Input;
using Bus.Cli.Output;
using Bus.Core.Hosting;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus serve</c>: the daemon.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var listen = new Option<string[]>("--listen", "-l")
        {
            Description = "Listen here: unix:///path, tcp://host:port (port 0: any free one), pipe://name, each with json+ before it for JSON lines, a name of your own (orders, shop/orders), or 'default' ($IPCBUS_URL, else your own bus); may be given several times",
            HelpName = "url",
        };
        listen.Validators.Add(result =>
        {
            CommonOptions.Check(result, () =>
            {
                var twice = result.Tokens.Select(token => BusEndpoint.Parse(token.Value)).Where(endpoint => endpoint.Port != 0).GroupBy(endpoint => endpoint.ToString()).FirstOrDefault(same => same.Count() > 1);
                if (twice is not null) result.AddError($"{twice.Key} is given twice with --listen: leave one out.");
            });
        });
        listen.Validators.Add(CommonOptions.NeedValueEach);
        var name = new Option<string>("--name") { Description = "What the bus calls itself", HelpName = "name", DefaultValueFactory = _ => "ipcbus" };
        name.Validators.Add(result =>
        {
            if (result.Tokens is [.., { Value: var text }] && string.IsNullOrWhiteSpace(text)) result.AddError("--name is empty: name the bus, or leave the option out.");
        });
        var level = new Option<LogLevel>("--log-level") { HelpName = "level", Description = $"What to log on stderr: {string.Join(", ", Enum.GetNames<LogLevel>())}", DefaultValueFactory = _ => LogLevel.Warning, CustomParser = ParseLevel };
        var stopOnEof = new Option<bool>("--stop-on-eof") { Description = "End when stdin is closed, for a parent process that must not leave a daemon behind" };
        var restart = new TimeOption("--restart-in", "When the bus will be back after its end, or 'never': its clients are told, and connect again then, or close", TimeSpan.Zero, "nothing is told, and they keep trying") { MayBeNever = true };
        var token = TokenFile.Option("Let only those in who show the token in this file");

        var limits = new LimitOptions();
        var topics = new DeclaredOptions();

        var command = new Command("serve", "Run a bus until Ctrl-C or SIGTERM. Prints a line for each endpoint when it is ready.") { listen, name, level, stopOnEof, restart, token };
        foreach (var option in limits.All.Concat(topics.All)) command.Options.Add(option);
        topics.Validate(command);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            if (parsed.GetValue(stopOnEof) && StandardInput.IsClosed) throw new FailureException("stdin is closed (<&-), so that --stop-on-eof has nothing to wait for: give serve a pipe, or leave the option out.");
            var connections = limits.Read(parsed) with { Authenticate = TokenFile.Read(parsed, token) is { } secret ? new TokenCheck(secret).CheckAsync : null };
            SocketThreads.RunCompletionsInline();
            var minimum = parsed.GetValue(level);
            using var loggers = new DeferredLoggers(minimum, () => LoggerFactory.Create(logging => logging
                .SetMinimumLevel(minimum)
                .AddSimpleConsole(console => { console.SingleLine = true; console.TimestampFormat = "HH:mm:ss.fff "; })
                .AddConsole(console =>
                {
                    console.LogToStandardErrorThreshold = LogLevel.Trace;
                    // Nobody may read stderr: a full pipe must not stop the bus.
                    console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
                })));
            var endpoints = parsed.GetValue(listen) is { Length: > 0 } urls ? urls.Select(BusEndpoint.Parse).ToList() : [BusEndpoint.Default];
            await using var bus = await BusListener.StartAsync(endpoints, topics.Apply(parsed, new IpcBusOptions { Name = parsed.GetValue(name)!, ComeBack = parsed.GetValue(restart), Retained = limits.ReadRetained(parsed) }), connections, loggers, cancellationToken);
            foreach (var endpoint in bus.Endpoints) await Console.Out.WriteLineAsync($"listening on {endpoint}");
            await CommandRunner.UntilInterruptedAsync(parsed.GetValue(stopOnEof) ? EndOfInputAsync() : Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken), cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static LogLevel ParseLevel(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        // By name only: Enum.TryParse takes any number.
        var name = Array.Find(Enum.GetNames<LogLevel>(), n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (name is not null) return Enum.Parse<LogLevel>(name);
        result.AddError($"'{text}' is not a level for --log-level: {string.Join(", ", Enum.GetNames<LogLevel>())}.");
        return default;
    }

    private static async Task EndOfInputAsync()
    {
        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(Stream.Null);
    }
}
