namespace Bus.Core.Endpoint;

/// <summary>Told to a subscription actor by its endpoint, which has unsubscribed.</summary>
/// <param name="Drain">Handle what has arrived, and what arrives before the fences are back.</param>
/// <param name="Fences">How many fences will come behind the last deliveries.</param>
internal sealed record EndSubscription(bool Drain, int Fences = 0);

/// <summary>Told to a subscription actor: the bus has ended or refused the subscription. What has arrived is handled.</summary>
internal sealed record EndWithError(Exception Error);

/// <summary>Told by a subscription actor to itself: everything in the buffer has been taken, and nothing more will come.</summary>
internal sealed class Consumed
{
    public static readonly Consumed Instance = new();
}

/// <summary>Timer of a subscription actor: a handler that was asked to stop has had its time.</summary>
internal sealed class GraceOver
{
    public static readonly GraceOver Instance = new();
}

/// <summary>Timer of a subscription actor: what was dropped meanwhile may be told.</summary>
internal sealed class DropsDue
{
    public static readonly DropsDue Instance = new();
}

/// <summary>Timer of a subscription actor: look whether the consumer of a full buffer has taken anything.</summary>
internal sealed class StallDue
{
    public static readonly StallDue Instance = new();
}
