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
/// and then looks into the queues. Both first steps are interlocked operations, hence full fences (the queue takes a position
/// by a compare-and-swap, and its emptiness test looks at positions), so at least one of the two sees the other. The
/// same argument covers closing: a poster that does not see the closed bit has its message seen by the last drain.
/// </para>
/// </remarks>
internal sealed class Mailbox(ActorCell cell) : IThreadPoolWorkItem
{
    private const int Closed = 1;
    private const int Scheduled = 2;
    private const int SuspendUnit = 4;

    private MessageQueue _queue;
    private SystemMessageList _system;
    private int _status;

    // Whether it may keep its last segment when it is empty. Only in a run.
    private bool _isWarm;

    internal ActorCell Cell { get; } = cell;

    internal bool IsClosed => (Volatile.Read(ref _status) & Closed) != 0;

    internal bool IsSuspended => Volatile.Read(ref _status) >= SuspendUnit;

    internal void Post(object message, IActorRef? sender)
    {
        _queue.Enqueue(message, sender);
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
            if (!_isWarm && !IsClosed && !(_isWarm = WarmMailboxes.TryKeep(this))) _queue.ReleaseIfEmpty();
            EndRun();
        }
    }

    /// <summary>Takes the right to keep an empty segment back; false if the mailbox is busy.</summary>
    internal bool TryCool()
    {
        if (IsClosed) return true;
        if (Interlocked.CompareExchange(ref _status, Scheduled, 0) != 0) return false;
        _isWarm = false;
        _queue.ReleaseIfEmpty();
        EndRun();
        return true;
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

    private void EndRun()
    {
        Interlocked.And(ref _status, ~Scheduled);
        // From here on another thread may run it: then what these find does not matter, for that run looks again at its end.
        if (_system.HasMessages) TrySchedule(forSystemMessage: true);
        else if (!_queue.IsEmpty) TrySchedule(forSystemMessage: false);
    }

    private void Run()
    {
        RunSystemMessages();
        for (var left = Cell.System.Throughput; left > 0 && Volatile.Read(ref _status) == Scheduled && _queue.TryDequeue(out var envelope); left--)
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

    /// <summary>Every thread that posted to a closed mailbox drains it, so they take turns; the dead letters are told outside, for they may post here again.</summary>
    private void DrainToDeadLetters()
    {
        var deadLetters = Cell.System.DeadLetterRef;
        while (TryTakeDead(out var envelope)) deadLetters.Publish(envelope.Message, envelope.Sender, Cell.Self);
    }

    private bool TryTakeDead(out Envelope envelope)
    {
        lock (Cell)
        {
            if (_queue.TryDequeue(out envelope)) return true;
            _queue.ReleaseIfEmpty();
            return false;
        }
    }
}
