namespace Bus.Core.Hosting;

/// <summary>How far a <see cref="BusNode"/> is in its life. It goes one way only: a bus that has stopped is not started again.</summary>
public enum BusNodeState
{
    /// <summary>Not all of its endpoints are open yet.</summary>
    Starting,

    /// <summary>All of its endpoints are open.</summary>
    Running,

    /// <summary>It lets nobody in any more, and closes.</summary>
    Stopping,

    /// <summary>Nothing of it runs.</summary>
    Stopped,
}
