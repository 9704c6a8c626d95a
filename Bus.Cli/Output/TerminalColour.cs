namespace Bus.Cli.Output;

/// <summary>Whether to colour: on a terminal, unless NO_COLOR (no-color.org) or a dumb terminal says otherwise.</summary>
internal static class TerminalColour
{
    public static bool OnStandardOutput => !Console.IsOutputRedirected && Allowed;

    private static bool Allowed =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not "dumb";
}
