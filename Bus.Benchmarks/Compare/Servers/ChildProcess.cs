using System.Diagnostics;
using Bus.Benchmarks.Compare.Loads;

namespace Bus.Benchmarks.Compare.Servers;

/// <summary>Runs a process to its end, but never longer than allowed: it is killed then, and when the run is given up.</summary>
internal static class ChildProcess
{
    /// <exception cref="LoadFailedException">It could not be started, or took too long.</exception>
    public static async Task<Output> RunAsync(string file, IEnumerable<string> arguments, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var process = Start(file, arguments);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(limit);
        try
        {
            var text = process.StandardOutput.ReadToEndAsync(bound.Token);
            var errors = process.StandardError.ReadToEndAsync(bound.Token);
            await process.WaitForExitAsync(bound.Token);
            return new Output(process.ExitCode, await text, await errors);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LoadFailedException($"{file} {string.Join(' ', arguments)} did not end within {limit.TotalSeconds:N0} s.");
        }
        finally
        {
            await KillAsync(process);
        }
    }

    /// <summary>Starts a process with its output redirected.</summary>
    /// <exception cref="LoadFailedException">There is no such program, or it may not be run.</exception>
    public static Process Start(string file, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        try
        {
            return Process.Start(start) ?? throw new LoadFailedException($"{file} could not be started.");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new LoadFailedException($"{file} could not be started: {e.Message}.");
        }
    }

    /// <summary>Kills it, by its id, unless it has ended.</summary>
    public static async Task KillAsync(Process process)
    {
        if (process.HasExited) return;
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
    }

    internal sealed record Output(int ExitCode, string Text, string Errors);
}
