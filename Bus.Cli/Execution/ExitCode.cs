namespace Bus.Cli.Execution;

/// <summary>What <c>ipcbus</c> exits with. Scripts depend on these: they never change their meaning.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>It did not work; stderr says what and what to do.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>Nobody responds on the topic of a request.</summary>
    public const int NoResponders = 3;

    /// <summary>Somebody has the request, but no reply came in time.</summary>
    public const int Timeout = 4;

    /// <summary>Ctrl-C (SIGINT) before the work was done: 128 + 2, as shells count.</summary>
    public const int Interrupted = 130;

    /// <summary>SIGTERM before the work was done: 128 + 15.</summary>
    public const int Terminated = 143;
}
