namespace Bus.Transport.Connections;

/// <summary>Time for a PING. Each of these is its own timer key.</summary>
internal sealed class PingDue
{
    public static readonly PingDue Instance = new();
}

/// <summary>The client has said nothing since it connected.</summary>
internal sealed class ConnectDue
{
    public static readonly ConnectDue Instance = new();
}

/// <summary>The budget for holding producers back may be used up.</summary>
internal sealed class StallExpired
{
    public static readonly StallExpired Instance = new();
}

/// <summary>What was dropped meanwhile may be told.</summary>
internal sealed class DropsDue
{
    public static readonly DropsDue Instance = new();
}

/// <summary>Whoever comes after this connection has waited long enough for what is left to be read of it.</summary>
internal sealed class HandoverDue
{
    public static readonly HandoverDue Instance = new();
}

/// <summary>A closing connection has had its time.</summary>
internal sealed class CloseDue
{
    public static readonly CloseDue Instance = new();
}
