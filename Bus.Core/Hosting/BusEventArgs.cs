using Bus.Core.Presence;

namespace Bus.Core.Hosting;

/// <summary>Says that a bus has started.</summary>
/// <param name="name">Its name.</param>
/// <param name="endpoints">Where it listens.</param>
public sealed class BusStartedEventArgs(string name, IReadOnlyList<string> endpoints) : EventArgs
{
    /// <summary>The name of the bus.</summary>
    public string Name { get; } = name;

    /// <summary>Where it listens, with the ports that were chosen. Empty for a bus that is for its own process only.</summary>
    public IReadOnlyList<string> Endpoints { get; } = endpoints;
}

/// <summary>Says that somebody came.</summary>
/// <param name="client">Who.</param>
public sealed class ClientJoinedEventArgs(BusParticipant client) : EventArgs
{
    /// <summary>Who came.</summary>
    public BusParticipant Client { get; } = client;
}

/// <summary>Says that somebody left.</summary>
/// <param name="client">Who.</param>
/// <param name="reason">Why.</param>
public sealed class ClientLeftEventArgs(BusParticipant client, LeaveReason reason) : EventArgs
{
    /// <summary>Who left.</summary>
    public BusParticipant Client { get; } = client;

    /// <summary>Why it is not on the bus any more.</summary>
    public LeaveReason Reason { get; } = reason;
}

/// <summary>Says that a connection was ended or turned away because of an error, or refused something.</summary>
/// <param name="problem">What went wrong, and with whom.</param>
public sealed class ConnectionFailedEventArgs(ConnectionProblem problem) : EventArgs
{
    /// <summary>What went wrong, and with whom.</summary>
    public ConnectionProblem Problem { get; } = problem;
}

/// <summary>Says that an instance of a service came or went.</summary>
/// <param name="change">Which.</param>
public sealed class ServiceChangedEventArgs(ServiceEvent change) : EventArgs
{
    /// <summary>Whether it is there now. False: it is gone.</summary>
    public bool IsUp { get; } = change.IsUp;

    /// <summary>The instance, as far as the bus knows it.</summary>
    public ServiceInstance Service { get; } = change.Service;
}
