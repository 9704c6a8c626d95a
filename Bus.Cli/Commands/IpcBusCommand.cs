using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Bus.Cli.Execution;
using Bus.Cli.Output;

namespace Bus.Cli.Commands;

/// <summary>The root of the command tree, and how a command line is run.</summary>
internal static class IpcBusCommand
{
    // Signals are the commands' own business (Interruption), and so are exceptions (CommandRunner).
    private static readonly InvocationConfiguration Configuration = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };

    private static InvocationConfiguration ToStandardError => new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null, Output = Console.Error };

    public static RootCommand Create() => new(
        """
        A message bus for the processes of one machine.

        It speaks the NATS client protocol on Unix sockets and TCP. Start one with 'ipcbus serve', or see it work with 'ipcbus demo'.
        Exit codes: 0 done, 1 failed, 2 wrong command line, 3 nobody responds, 4 no reply in time, 130 interrupted.
        """)
    {
        ServeCommand.Create(),
        PubCommand.Create(),
        SubCommand.Create(),
        RequestCommand.Create(),
        ReplyCommand.Create(),
        PingCommand.Create(),
        InfoCommand.Create(),
        DemoCommand.Create(),
        DemoWorkerCommand.Create(),
        CompletionCommand.Create(),
    };

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        GuardedWriter.Install();
        var result = Create().Parse(args);
        if (result.Action is ParseErrorAction errors)
        {
            // Bare 'ipcbus' gets the help; a mistake gets what is wrong, and where the help is.
            errors.ShowHelp = args.Count == 0;
            await result.InvokeAsync(ToStandardError);
            if (!errors.ShowHelp) await PointToHelpAsync(result);
            return ExitCode.Usage;
        }

        if (UnknownOption(result) is not { } unknown) return await result.InvokeAsync(Configuration);
        await Console.Error.WriteLineAsync($"Unrecognized option '{unknown}'. Put -- before arguments that begin with a dash.");
        await PointToHelpAsync(result);
        return ExitCode.Usage;
    }

    /// <summary>
    /// System.CommandLine takes an option that it does not know for an argument where one has room. A mistyped --line would be published as a payload.
    /// </summary>
    internal static string? UnknownOption(ParseResult result) =>
        result.Tokens.Any(t => t.Type == TokenType.DoubleDash)
            ? null
            : result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value).FirstOrDefault(LooksLikeOption);

    // Not '-' (stdin) and not a negative number.
    private static bool LooksLikeOption(string text) => text is ['-', not (>= '0' and <= '9') and not '.', ..];

    private static Task PointToHelpAsync(ParseResult result) =>
        Console.Error.WriteLineAsync($"Try '{(result.CommandResult.Command is RootCommand ? "ipcbus" : $"ipcbus {result.CommandResult.Command.Name}")} --help'.");
}
