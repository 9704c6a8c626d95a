using System.CommandLine;
using Bus.Cli.Execution;

namespace Bus.Cli.Commands;

/// <summary>A token that is kept in a file: on the command line everybody could see it.</summary>
internal static class TokenFile
{
    private const int MaxLength = 2048;

    public static Option<FileInfo> Option(string description) => CommonOptions.File(description, "--token-file");

    /// <returns>The text of the file without white space around it. Null: the option was not given.</returns>
    /// <exception cref="UsageException">There is no token in the file.</exception>
    public static string? Read(ParseResult parsed, Option<FileInfo> option)
    {
        if (parsed.GetValue(option) is not { } file) return null;
        var token = File.ReadAllText(file.FullName).Trim();
        if (token.Length == 0) throw new UsageException($"There is no token in '{file}', which is empty: write one into it.");
        return token.Length <= MaxLength ? token : throw new UsageException($"The token in '{file}' has {token.Length:N0} characters; at most {MaxLength:N0} are allowed.");
    }
}
