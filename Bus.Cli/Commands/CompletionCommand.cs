using System.CommandLine;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus completion</c>: the line that a shell needs to complete our commands and options.</summary>
internal static class CompletionCommand
{
    // Each asks [suggest:position] "line", which System.CommandLine answers with one suggestion a line.
    private const string Bash = """
        _ipcbus() { local IFS=$'\n'; COMPREPLY=($(ipcbus "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)); }
        complete -o default -F _ipcbus ipcbus
        """;

    private const string Zsh = """
        _ipcbus() { local -a suggestions; suggestions=(${(f)"$(ipcbus "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)"}); compadd -a suggestions; }
        compdef _ipcbus ipcbus
        """;

    private const string Fish = """
        complete -c ipcbus -f -a '(set -l line (commandline -cp); ipcbus "[suggest:"(string length -- $line)"]" $line 2>/dev/null)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print the shell function that completes ipcbus commands: eval \"$(ipcbus completion bash)\"") { shell };
        command.SetAction(parsed => Console.Out.WriteLine(parsed.GetValue(shell) switch { "zsh" => Zsh, "fish" => Fish, _ => Bash }));
        return command;
    }
}
