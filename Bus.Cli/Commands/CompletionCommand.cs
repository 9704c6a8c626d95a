using System.CommandLine;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus completion</c>: the line that a shell needs to complete our commands and options.</summary>
internal static class CompletionCommand
{
    // They suggest what holds the word anywhere; zsh and fish pick what begins with it by themselves, for bash compgen does.
    // Each asks [suggest:position] "line", which System.CommandLine answers with one suggestion a line.
    private const string Bash = """
        _ipcbus() { local IFS=$'\n'; COMPREPLY=($(compgen -W "$(ipcbus "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}")); }
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
        shell.CompletionSources.Add("bash", "zsh", "fish");
        shell.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: not ("bash" or "zsh" or "fish") and var other }]) result.AddError($"There is no completion for '{other}': bash, zsh or fish.");
        });
        var command = new Command("completion", "Print the shell function that completes ipcbus commands: eval \"$(ipcbus completion bash)\"") { shell };
        command.SetAction(parsed => Console.Out.WriteLine(parsed.GetValue(shell) switch { "zsh" => Zsh, "fish" => Fish, _ => Bash }));
        return command;
    }
}
