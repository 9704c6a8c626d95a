namespace Bus.Actors;

/// <summary>
/// The mailboxes that one thread runs next, itself. A thread that has just read from a socket opens a scope; actors that are told something inside it
/// run at its end on that thread, one after the other, and whom they tell comes behind them. A message then crosses the process without a
/// wake-up: on a virtual machine with two cores each one costs about 30 µs and a context switch.
/// </summary>
/// <remarks>
/// Only for actors whose turns never block (<see cref="Props.WithBoundedTurns"/>): what waits in here cannot be taken over by another thread. For the same
/// reason nothing runs inside Tell, and the list is short: where one message wakes many actors, the rest goes to the pool, to be shared among threads.
/// </remarks>
internal sealed class LocalRuns
{
    // Fan-out beyond it is work for more than one thread.
    private const int Capacity = 8;

    // Runs in one scope, so that two actors that keep telling each other do not hold the reader up.
    private const int Quota = 64;

    [ThreadStatic]
    private static LocalRuns? _ofThread;

    private readonly Mailbox?[] _ready = new Mailbox?[Capacity];
    private int _first;
    private int _count;
    private int _room;
    private SharedRuns? _shared;
    private bool _isOpen;

    /// <summary>From here to the end of the scope, what can run on this thread waits for that end. Inside another scope it is part of it.</summary>
    /// <param name="isShared">Whether all of it is for other threads: they get it in large pieces.</param>
    internal static Scope Open(bool isShared = false)
    {
        var runs = _ofThread ??= new LocalRuns();
        if (runs._isOpen) return default;
        runs._isOpen = true;
        runs._room = isShared ? 0 : Capacity;
        return new Scope(runs);
    }

    /// <summary>Takes the mailbox, if there is a scope on this thread with room for it.</summary>
    internal static bool TryAdd(Mailbox mailbox) =>
        _ofThread is { _isOpen: true } runs && mailbox.Cell.Props.HasBoundedTurns && runs.TryPut(mailbox);

    private bool TryPut(Mailbox mailbox)
    {
        if (_count >= _room)
        {
            Share(mailbox);
            return true;
        }

        _ready[(_first + _count++) % Capacity] = mailbox;
        return true;
    }

    private void Share(Mailbox mailbox)
    {
        var shared = _shared ??= SharedRuns.Rent();
        shared.Add(mailbox);
        if (!shared.IsFull) return;
        _shared = null;
        shared.Share();
    }

    private bool TryTake([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Mailbox? mailbox)
    {
        mailbox = null;
        if (_count == 0) return false;
        mailbox = _ready[_first]!;
        _ready[_first] = null;
        _first = (_first + 1) % Capacity;
        _count--;
        return true;
    }

    private void Run()
    {
        // First, so that they have begun when this thread is done.
        _shared?.Share();
        _shared = null;
        for (var left = Quota; left > 0 && TryTake(out var mailbox); left--) mailbox.Execute();
        _shared?.Share();
        _shared = null;
        _isOpen = false;
        while (TryTake(out var mailbox)) mailbox.Cell.System.Dispatcher.Schedule(mailbox);
    }

    /// <summary>The end of it runs what was told inside.</summary>
    internal readonly ref struct Scope(LocalRuns? runs) : IDisposable
    {
        public void Dispose() => runs?.Run();
    }
}
