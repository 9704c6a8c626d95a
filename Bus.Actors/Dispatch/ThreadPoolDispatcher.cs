namespace Bus.Actors;

/// <summary>Runs mailboxes on the .NET thread pool.</summary>
/// <remarks>
/// A message sent by an actor schedules its receiver on the same worker, whose cache holds the message; one from an IO thread goes to the queue that all
/// workers share. A worker takes its own queue first, so actors that talk to each other without end would keep all others waiting: every so
/// many schedules a worker therefore uses the shared queue, and comes to what waits there. A thread that has just read from a socket keeps
/// what it may run itself, see <see cref="LocalRuns"/>.
/// </remarks>
internal sealed class ThreadPoolDispatcher : Dispatcher
{
    private const uint SharedEvery = 128;

    [ThreadStatic]
    private static uint _schedules;

    internal static ThreadPoolDispatcher Instance { get; } = new();

    internal override void Schedule(Mailbox mailbox)
    {
        if (LocalRuns.TryAdd(mailbox)) return;
        ThreadPool.UnsafeQueueUserWorkItem(mailbox, preferLocal: ActorCell.Current is not null && ++_schedules % SharedEvery != 0);
    }
}
