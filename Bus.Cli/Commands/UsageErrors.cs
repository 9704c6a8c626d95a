using System.CommandLine;
using System.CommandLine.Parsing;
using Bus.Cli.Output;

namespace Bus.Cli.Commands;

/// <summary>What is wrong with a command line, in words for who typed it.</summary>
internal static class UsageErrors
{
    /// <summary>A line for each mistake; none if it is right.</summary>
    public static IReadOnlyList<string> Of(ParseResult result, IReadOnlyList<string> args)
    {
        var errors = Misplaced(result, args) is { } misplaced ? [$"'{misplaced}' belongs behind the command, as in: ipcbus {Owner(result, misplaced)} {misplaced} ..."]
            : UnknownOption(result) is { } unknown ? [$"Unrecognized option '{unknown}'. Put -- before arguments that begin with a dash."]
            : NoCommand(result) is { } wrong ? [wrong]
            : result.Errors.Select(Text);
        return [.. errors.Select(Printable.Text)];
    }

    /// <summary>
    /// System.CommandLine takes an option that it does not know for an argument where one has room. A mistyped --line would be published as a payload.
    /// </summary>
    internal static string? UnknownOption(ParseResult result) =>
        result.Tokens.Any(t => t.Type == TokenType.DoubleDash)
            ? null
            : result.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value).Concat(result.UnmatchedTokens).FirstOrDefault(LooksLikeOption);

    // Not '-' (stdin) and not a negative number.
    private static bool LooksLikeOption(string text) => text is ['-', not (>= '0' and <= '9') and not '.', ..];

    /// <summary>An option of the commands that is given before the command.</summary>
    private static string? Misplaced(ParseResult result, IReadOnlyList<string> args) =>
        args.Count > 0 && LooksLikeOption(args[0]) && args[0].Split('=')[0] is var name && result.UnmatchedTokens.Contains(args[0]) && Owner(result, name) is not null ? name : null;

    private static string? Owner(ParseResult result, string option)
    {
        var able = Commands(result).Where(c => c.Options.Any(o => o.Name == option || o.Aliases.Contains(option))).ToList();
        return (able.Contains(result.CommandResult.Command) ? result.CommandResult.Command : able.FirstOrDefault())?.Name;
    }

    /// <summary>For commands that have others below them: a word that is none of those, or none at all where there has to be one.</summary>
    internal static string? NoCommand(ParseResult result)
    {
        var command = result.CommandResult.Command;
        var below = string.Join(", ", command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name));
        var path = IpcBusCommand.PathOf(result.CommandResult);
        if (below.Length == 0) return null;
        if (result.UnmatchedTokens is [var word, ..]) return $"'{word}' is no command of {path}: {below}{(command.Action is null ? "" : $"; or none, as in: {path}")}.";
        return command.Action is null && command is not RootCommand ? $"'{path}' needs a command behind it: {below}." : null;
    }

    private static IEnumerable<Command> Commands(ParseResult result) => result.RootCommandResult.Command.Subcommands.Where(c => !c.Hidden);

    private static string Text(ParseError error) =>
        // System.CommandLine's own text names the command, and not which of its arguments.
        error.SymbolResult is ArgumentResult { Tokens.Count: 0, Argument: var argument } && error.Message.StartsWith("Required argument missing", StringComparison.Ordinal)
            ? $"<{argument.Name}> is missing. {argument.Description}"
            : error.SymbolResult is OptionResult { Tokens.Count: 0, Option: var option } && error.Message.StartsWith("Required argument missing", StringComparison.Ordinal)
            ? $"{option.Name} needs a <{option.HelpName ?? "value"}> behind it."
            : error.Message;
}
