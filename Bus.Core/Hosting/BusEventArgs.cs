using Bus.Core.Presence;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

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

/// <summary>Something that the bus has logged.</summary>
/// <param name="time">When.</param>
/// <param name="level">How grave it is.</param>
/// <param name="category">Which part of the bus it was.</param>
/// <param name="id">What kind of event it is.</param>
/// <param name="text">What happened.</param>
/// <param name="error">The exception that it was about.</param>
public sealed class BusLoggedEventArgs(DateTimeOffset time, LogLevel level, string category, EventId id, string text, Exception? error) : EventArgs
{
    /// <summary>When.</summary>
    public DateTimeOffset Time { get; } = time;

    /// <summary>How grave it is.</summary>
    public LogLevel Level { get; } = level;

    /// <summary>Which part of the bus it was.</summary>
    public string Category { get; } = category;

    /// <summary>What kind of event it is: its number does not change from version to version.</summary>
    public EventId Id { get; } = id;

    /// <summary>What happened.</summary>
    public string Text { get; } = text;

    /// <summary>The exception that it was about. Null: none.</summary>
    public Exception? Error { get; } = error;
}
