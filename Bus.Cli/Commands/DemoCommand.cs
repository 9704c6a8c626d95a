using System.CommandLine;
using Bus.Cli.Demo;
using Bus.Cli.Execution;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus demo</c>: the whole bus at work, in some ten seconds.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var file = CommonOptions.File("The text file to stream. Default: one that is found on this machine");
        file.Validators.Add(result =>
        {
            if (result.Tokens is [.., { Value: var path }] && new FileInfo(path) is { Exists: true, Length: 0 }) result.AddError($"The file '{path}' is empty: name one with lines to stream.");
        });
        var command = new Command(
            "demo",
            "See a bus at work: real processes publish, subscribe and serve on a private socket, and the service is killed in the middle. Exits with 0 only if nothing was lost and nothing hung.")
        { file };
        command.SetAction((parsed, _) => CommandRunner.RunAsync(cancellationToken => DemoRunner.RunAsync(parsed.GetValue(file), cancellationToken)));
        return command;
    }
}
