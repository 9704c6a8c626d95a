using System.Net.Sockets;
using Bus.Cli.Output;
using Bus.Core.Client;

namespace Bus.Cli.Execution;

/// <summary>Runs the work of a command and turns how it ended into an exit code, with one line on stderr if it failed.</summary>
internal static class CommandRunner
{
    public static async Task<int> RunAsync(Func<CancellationToken, Task<int>> work)
    {
        using var interruption = new Interruption();
        try
        {
            return await work(interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.Requested)
        {
            return interruption.CutOff;
        }
        catch (Exception e)
        {
            return await FailAsync(e);
        }
    }

    /// <summary>Tells what went wrong in a line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> FailAsync(Exception e)
    {
        // The reader of our output has had enough (ipcbus sub | head): an end like any other.
        if (e is OutputClosedException) return ExitCode.Ok;
        await Console.Error.WriteLineAsync(Describe(e));
        return CodeOf(e);
    }

    /// <summary>For commands that have no end of their own: being interrupted is how they end.</summary>
    public static async Task UntilInterruptedAsync(Task work, CancellationToken cancellationToken)
    {
        try
        {
            await work.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What was asked for.
        }
    }

    private static int CodeOf(Exception e) => e switch
    {
        NoRespondersException or ClientAbsentException or ServiceNotFoundException or MethodNotFoundException => ExitCode.NoResponders,
        RequestTimeoutException => ExitCode.Timeout,
        UsageException or FormatException or ArgumentException => ExitCode.Usage,
        _ => ExitCode.Failed,
    };

    private static string Describe(Exception e) => e switch
    {
        RemoteErrorException { Detail: { } detail } error => $"ipcbus: {ErrorText.Of(error)}{Lines(detail)}",
        ServiceNotFoundException or MethodNotFoundException => $"ipcbus: {ErrorText.Of(e)} ({((BusException)e).Error})",
        BusException or IOException or InvalidDataException or SocketException or UnauthorizedAccessException or UsageException or FormatException or FailureException or ArgumentException => $"ipcbus: {ErrorText.Of(e)}",
        _ => $"ipcbus: unexpected {e.GetType().Name}: {e.Message}{(Trace ? Environment.NewLine + e : " (set IPCBUS_TRACE=1 to see where)")}",
    };

    /// <summary>Each line for itself, so that none can look like one of ours.</summary>
    private static string Lines(string text) => string.Concat(text.TrimEnd().Split('\n').Select(line => $"{Environment.NewLine}  {Printable.Text(line.TrimEnd('\r'))}"));

    private static bool Trace => Environment.GetEnvironmentVariable("IPCBUS_TRACE") is "1";
}
