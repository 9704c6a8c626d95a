namespace Bus.Actors;

/// <summary>What a supervisor does with a child that failed.</summary>
public enum Directive
{
    /// <summary>Go on with the next message and keep the state.</summary>
    Resume = 0,

    /// <summary>Replace the instance: the state is lost, the mailbox is kept.</summary>
    Restart = 1,

    /// <summary>Fail with the same cause, so that the supervisor's own supervisor decides.</summary>
    Escalate = 2,

    /// <summary>Stop the child for good.</summary>
    Stop = 3,
}
