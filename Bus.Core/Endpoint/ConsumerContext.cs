namespace Bus.Core.Endpoint;

/// <summary>
/// Knows whether the running code handles a message of a subscription: it flows with the execution context from a handler,
/// or from an enumeration's loop, into whatever they call. See <see cref="CreditWindow"/> for the reason.
/// </summary>
internal static class ConsumerContext
{
    private static readonly AsyncLocal<SubscriptionCore?> Local = new();

    /// <summary>The subscription whose message is being handled. Null outside, and after it has ended.</summary>
    public static SubscriptionCore? Current => Local.Value is { HasEnded: false } subscription ? subscription : null;

    public static void Enter(SubscriptionCore subscription)
    {
        if (!ReferenceEquals(Local.Value, subscription)) Local.Value = subscription;
    }

    public static void Exit(SubscriptionCore subscription)
    {
        if (ReferenceEquals(Local.Value, subscription)) Local.Value = null;
    }
}
