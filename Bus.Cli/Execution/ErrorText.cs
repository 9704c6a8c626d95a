namespace Bus.Cli.Execution;

/// <summary>Error texts for people at a terminal.</summary>
internal static class ErrorText
{
    // What the libraries advise to those who call them, and what does the same on the command line.
    private static readonly (string Code, string Typed)[] Advice =
    [
        ("set TakeOverName", "give --take-over to 'ipcbus inbox'"),
        ("Check User and Password, or Token, in BusClientOptions", "Check the token (--token-file)"),
        ("raise SubscriptionOptions.Capacity, or choose another SubscriptionOptions.WhenFull", "raise --buffer, or choose another --when-full"),
        ("(DropOldest)", "(--when-full drop-oldest)"),
        ("(DropNewest)", "(--when-full drop-newest)"),
        ("(LatestPerTopic)", "(--when-full latest-per-topic)"),
        ("declare it ($BUS.TOPICS.CREATE)", "declare it ('ipcbus topics create')"),
        ("raise the connect timeout", "raise --connect-timeout"),
        ("raise the limit of the bus", "raise --max-payload of 'ipcbus serve'"),
    ];

    /// <summary>The message in the words of the command line.</summary>
    public static string Of(Exception e) => Typed(e is ArgumentException argument ? WithoutParameter(argument) : e.Message);

    /// <summary>A text of the libraries in the words of the command line.</summary>
    public static string Typed(string text)
    {
        foreach (var (code, typed) in Advice) text = text.Replace(code, typed, StringComparison.Ordinal);
        return text;
    }

    /// <summary>The name of the parameter means nothing to somebody who typed a command.</summary>
    private static string WithoutParameter(ArgumentException e)
    {
        // Behind the message come the parameter and, in a line of its own, the value.
        var suffix = e.ParamName is null ? -1 : e.Message.IndexOf($" (Parameter '{e.ParamName}')", StringComparison.Ordinal);
        return suffix < 0 ? e.Message : e.Message[..suffix];
    }
}
