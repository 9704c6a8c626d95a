using System.CommandLine;
using System.CommandLine.Help;
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
        Exit codes of all commands: 0 done, 1 failed, 2 wrong command line, 3 nobody responds (nobody has the name, no such service or method), 4 no reply in time,
        130 interrupted by Ctrl-C, 143 by SIGTERM. A command without an end of its own (serve, sub) ends with 0 when interrupted.
        """)
    {
        ServeCommand.Create(),
        PubCommand.Create(),
        SubCommand.Create(),
        RequestCommand.Create(),
        ReplyCommand.Create(),
        SurveyCommand.Create(),
        PingCommand.Create(),
        InfoCommand.Create(),
        SendCommand.Create(),
        DeliverCommand.Create(),
        BroadcastCommand.Create(),
        InboxCommand.Create(),
        ClientsCommand.Create(),
        WatchCommand.Create(),
        RetainedCommand.Create(),
        StatsCommand.Create(),
        ServicesCommand.Create(),
        CallCommand.Create(),
        DiscoverCommand.Create(),
        TapCommand.Create(),
        TopicsCommand.Create(),
        DemoCommand.Create(),
        DemoWorkerCommand.Create(),
        CompletionCommand.Create(),
    };

    /// <summary>Reads a command line. No response files: '@alice' is a payload like any other.</summary>
    internal static ParseResult Parse(IReadOnlyList<string> args)
    {
        var root = Create();
        foreach (var alias in (string[])["/h", "/?"]) root.Options.OfType<HelpOption>().Single().Aliases.Remove(alias);
        return root.Parse(args is ["help", ..] ? [.. args.Skip(1), "--help"] : args, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        GuardedWriter.Install();
        try
        {
            var result = Parse(args);
            if (args.Count > 0 && (result.Action is ParseErrorAction || result.Action == result.CommandResult.Command.Action) && UsageErrors.Of(result, args) is { Count: > 0 } errors) return await RefuseAsync(result, errors);
            // The help of a command that there is not.
            if (result.Action is HelpAction && result.UnmatchedTokens.Count > 0 && UsageErrors.NoCommand(result) is { } unknown) return await RefuseAsync(result, [Printable.Text(unknown)]);
            if (result.Action is not ParseErrorAction) return await result.InvokeAsync(Configuration);
            // Bare 'ipcbus' gets the help.
            await result.InvokeAsync(ToStandardError);
            return ExitCode.Usage;
        }
        catch (Exception e)
        {
            // Of --help, --version, completion: a command's own are told by CommandRunner.
            return await CommandRunner.FailAsync(e);
        }
    }

    private static async Task<int> RefuseAsync(ParseResult result, IReadOnlyList<string> errors)
    {
        foreach (var error in errors) await Console.Error.WriteLineAsync($"ipcbus: {error}");
        await Console.Error.WriteLineAsync($"Try '{PathOf(result.CommandResult)} --help'.");
        return ExitCode.Usage;
    }

    /// <summary>A command with those that it stands under, as it is typed.</summary>
    internal static string PathOf(CommandResult command) => command.Parent is CommandResult parent ? $"{PathOf(parent)} {command.Command.Name}" : "ipcbus";
}
