using System.Diagnostics;
using Bus.Core.Client;

namespace Bus.Cli.Replying;

/// <summary>Runs a shell command for each request. What it writes to stderr goes to ours, and its last line into the error reply.</summary>
internal sealed class ShellResponder(string command) : IResponder
{
    private const int Failed = 500;

    public async ValueTask<ReadOnlyMemory<byte>> RespondAsync(BusMessage request, CancellationToken cancellationToken)
    {
        using var process = Start(request);
        try
        {
            using var answer = new MemoryStream();
            var errors = ReadErrorsAsync(process, cancellationToken);
            var reading = process.StandardOutput.BaseStream.CopyToAsync(answer, cancellationToken);
            await FeedAsync(process, request.Payload, cancellationToken);
            await reading;
            var error = await errors;
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode == 0) return answer.GetBuffer().AsMemory(0, (int)answer.Length);
            throw new RemoteErrorException($"The command exited with {process.ExitCode}{(error.Length > 0 ? $": {error}" : ".")}", Failed, "command-failed");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private Process Start(BusMessage request)
    {
        var start = new ProcessStartInfo
        {
            FileName = OperatingSystem.IsWindows() ? "cmd.exe" : "/bin/sh",
            ArgumentList = { OperatingSystem.IsWindows() ? "/c" : "-c", command },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["IPCBUS_TOPIC"] = request.Topic },
        };
        return Process.Start(start) ?? throw new RemoteErrorException($"The command could not be started: {command}", Failed, "command-failed");
    }

    private static async Task FeedAsync(Process process, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(payload, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A command that does not read its input is none the worse for it; how it exits counts.
        }
    }

    private static async Task<string> ReadErrorsAsync(Process process, CancellationToken cancellationToken)
    {
        var last = "";
        while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
        {
            await Console.Error.WriteLineAsync(line);
            if (!string.IsNullOrWhiteSpace(line)) last = line.Trim();
        }

        return last;
    }
}
