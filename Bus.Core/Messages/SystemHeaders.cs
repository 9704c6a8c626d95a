namespace Bus.Core.Messages;

/// <summary>Headers that mean something to the bus.</summary>
internal static class SystemHeaders
{
    /// <summary>On a broadcast: names of clients, with commas between them, that are not to get it.</summary>
    public const string Except = "Bus-Except";

    /// <summary>On a request whose sender waits until it is handled, with or without a result: whoever handles it answers, also if it has nothing to say.</summary>
    public const string Confirm = "Bus-Confirm";

    /// <summary>The value of <see cref="Confirm"/>.</summary>
    public const string WhenHandled = "handled";

    /// <summary>On what was sent to one client: the name of the sender. Set by the bus.</summary>
    public const string From = "Bus-From";

    public static ReadOnlySpan<byte> Utf8From => "Bus-From"u8;

    /// <summary>Among the answers of a survey: how many subscriptions the question was handed to.</summary>
    public const string Reached = "Bus-Reached";

    /// <summary>The status of the message with <see cref="Reached"/>, by which it is known to be the bus's.</summary>
    public const int ReachedStatus = 200;

    /// <summary>Our clients mark requests by it.</summary>
    public const string Request = "Bus-Request";
}
