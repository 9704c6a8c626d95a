namespace Bus.Cli.Execution;

/// <summary>Error texts for people at a terminal.</summary>
internal static class ErrorText
{
    /// <summary>The message without the name of the parameter, which means nothing to somebody who typed a command.</summary>
    public static string Of(ArgumentException e)
    {
        var suffix = e.ParamName is null ? "" : $" (Parameter '{e.ParamName}')";
        return suffix.Length > 0 && e.Message.EndsWith(suffix, StringComparison.Ordinal) ? e.Message[..^suffix.Length] : e.Message;
    }
}
