using System.Collections.Concurrent;

namespace Bus.Actors;

/// <summary>
/// The queue of one actor and the right to run it. Any thread posts; at most one thread runs the actor at a time, because a
/// run is queued only by the thread that sets the scheduled bit, and the bit is cleared only at the end of the run.
/// </summary>
/// <remarks>
/// One int holds the state: bit 0 closed (the actor is gone), bit 1 scheduled (a run is queued or under way), the rest counts
/// suspensions (failure handling, an asynchronous turn); user messages wait while that count is above zero, system messages never do.
/// <para>
/// No wake-up is lost: a poster first makes its message visible and then reads the status, a run first clears the scheduled bit
/// and then looks into the queues. Both first steps are interlocked operations, hence full fences (ConcurrentQueue reserves its slot
/// by a compare-and-swap, and its emptiness test looks at the reservation), so at least one of the two sees the other. The
/// same argument covers closing: a poster that does not see the closed bit has its message seen by the last drain.
/// </para>
/// </remarks>
internal sealed class Mailbox(ActorCell cell) : IThreadPoolWorkItem
{
    private const int Closed = 1;
    private const int Scheduled = 2;
    private const int SuspendUnit = 4;

    private ConcurrentQueue<Envelope>? _queue;
    private SystemMessageList _system;
    private int _status;

    internal ActorCell Cell { get; } = cell;

    internal bool IsClosed => (Volatile.Read(ref _status) & Closed) != 0;

    internal bool IsSuspended => Volatile.Read(ref _status) >= SuspendUnit;

    /// <summary>User messages waiting; a snapshot.</summary>
    internal int Count => Volatile.Read(ref _queue)?.Count ?? 0;

    internal void Post(object message, IActorRef? sender)
    {
        (Volatile.Read(ref _queue) ?? CreateQueue()).Enqueue(new Envelope(message, sender));
        var status = Volatile.Read(ref _status);
        if (status == 0) TrySchedule(forSystemMessage: false);
        else if ((status & Closed) != 0) DrainToDeadLetters();
    }

    internal void PostSystem(SystemMessage message)
    {
        if (_system.TryPush(message)) TrySchedule(forSystemMessage: true);
        else message.InvokeDead(Cell.Self);
    }

    /// <summary>One run: all system messages, then user messages up to the quota.</summary>
    public void Execute()
    {
        var previous = ActorCell.Current;
        ActorCell.Current = Cell;
        try
        {
            Run();
        }
        finally
        {
            ActorCell.Current = previous;
            Interlocked.And(ref _status, ~Scheduled);
            if (_system.HasMessages) TrySchedule(forSystemMessage: true);
            else if (_queue is { IsEmpty: false }) TrySchedule(forSystemMessage: false);
        }
    }

    /// <summary>Holds user messages back until a matching <see cref="Resume"/>. Only in the actor's turn.</summary>
    internal void Suspend() => Interlocked.Add(ref _status, SuspendUnit);

    /// <summary>Ends one suspension; without one it does nothing. Only in the actor's turn.</summary>
    internal void Resume()
    {
        if (IsSuspended) Interlocked.Add(ref _status, -SuspendUnit);
    }

    /// <summary>Ends the mailbox: what is left in it, and all that comes later, goes to the dead letters. Only in the actor's turn.</summary>
    internal void Close()
    {
        Interlocked.Or(ref _status, Closed);
        for (var message = _system.Close(); message is not null;)
        {
            var next = message.Next;
            message.Next = null;
            message.InvokeDead(Cell.Self);
            message = next;
        }

        DrainToDeadLetters();
    }

    private void Run()
    {
        RunSystemMessages();
        var queue = _queue;
        if (queue is null) return;
        for (var left = Cell.System.Throughput; left > 0 && Volatile.Read(ref _status) == Scheduled && queue.TryDequeue(out var envelope); left--)
        {
            Cell.Invoke(envelope.Message, envelope.Sender);
            if (_system.HasMessages) RunSystemMessages();
        }

        Cell.EndOfRun();
    }

    private void RunSystemMessages()
    {
        while (_system.TakeAll() is { } message)
        {
            for (SystemMessage? current = message; current is not null;)
            {
                var next = current.Next;
                current.Next = null;
                if (IsClosed) current.InvokeDead(Cell.Self);
                else Cell.InvokeSystem(current);
                current = next;
            }
        }
    }

    private void TrySchedule(bool forSystemMessage)
    {
        var status = Volatile.Read(ref _status);
        while ((status & (Closed | Scheduled)) == 0 && (forSystemMessage || status < SuspendUnit))
        {
            var seen = Interlocked.CompareExchange(ref _status, status | Scheduled, status);
            if (seen == status)
            {
                Cell.System.Dispatcher.Schedule(this);
                return;
            }

            status = seen;
        }
    }

    private ConcurrentQueue<Envelope> CreateQueue() =>
        Interlocked.CompareExchange(ref _queue, new ConcurrentQueue<Envelope>(), null) ?? _queue;

    private void DrainToDeadLetters()
    {
        var deadLetters = Cell.System.DeadLetterRef;
        while (_queue is { } queue && queue.TryDequeue(out var envelope)) deadLetters.Publish(envelope.Message, envelope.Sender, Cell.Self);
    }
}
