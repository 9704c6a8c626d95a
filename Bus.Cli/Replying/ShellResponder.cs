using System.Diagnostics;
using Bus.Core.Client;

namespace Bus.Cli.Replying;

/// <summary>
/// Runs a shell command for each request. What it writes to stderr goes to ours, and its last line into the error reply. A command that takes too long, or is interrupted,
/// is killed with all that it started.
/// </summary>
internal sealed class ShellResponder(string command, TimeSpan timeout) : IResponder
{
    /// <summary>More than most requests wait, so that those who wait longer get their reply.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private const int Failed = 500;
    private const int TimedOut = 504;

    public async ValueTask<ReadOnlyMemory<byte>> RespondAsync(BusMessage request, CancellationToken cancellationToken)
    {
        using var process = ShellProcess.Start(command, [new("IPCBUS_TOPIC", request.Topic)]);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            return await RunAsync(process, request.Payload, limit.Token);
        }
        catch (OperationCanceledException)
        {
            var hasExited = process.HasExited;
            ShellProcess.Kill(process);
            cancellationToken.ThrowIfCancellationRequested();
            var what = hasExited ? "ended, but what it had started did not close its output" : "did not end";
            throw new RemoteErrorException($"The command {what} within {timeout.TotalSeconds:0.###} s, and was killed with all that it started.", TimedOut, "command-timeout");
        }
        catch
        {
            if (!process.HasExited) ShellProcess.Kill(process);
            throw;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> RunAsync(Process process, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        using var answer = new MemoryStream();
        var errors = ReadErrorsAsync(process, cancellationToken);
        var reading = process.StandardOutput.BaseStream.CopyToAsync(answer, cancellationToken);
        await FeedAsync(process, payload, cancellationToken);
        await reading;
        var error = await errors;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode == 0) return answer.GetBuffer().AsMemory(0, (int)answer.Length);
        throw new RemoteErrorException($"The command exited with {process.ExitCode}{(error.Length > 0 ? $": {error}" : ".")}", Failed, "command-failed");
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
