namespace Bus.Actors;

/// <summary>Decides on which thread and in which order ready mailboxes run.</summary>
internal abstract class Dispatcher
{
    /// <summary>Arranges for one call of <see cref="Mailbox.Execute"/>. Called by any thread; must not run the mailbox itself.</summary>
    internal abstract void Schedule(Mailbox mailbox);
}
