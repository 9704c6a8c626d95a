namespace Bus.Actors;

/// <summary>Runs mailboxes on the .NET thread pool.</summary>
internal sealed class ThreadPoolDispatcher : Dispatcher
{
    internal static ThreadPoolDispatcher Instance { get; } = new();

    // An actor's message stays on the worker that sent it, whose cache holds it; an IO thread hands over to the shared queue.
    internal override void Schedule(Mailbox mailbox) => ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: ActorCell.Current is not null);
}
