namespace Bus.Actors;

/// <summary>
/// Runs ready mailboxes on the caller's thread, one at a time, in an order drawn from a seed. A test that fails under some order is replayed by giving
/// its seed again; with a throughput of one message per run every interleaving of messages can occur. Timers and continuations of tasks
/// come from elsewhere: use it with virtual time.
/// </summary>
internal sealed class SimulationDispatcher(int seed) : Dispatcher
{
    private readonly Lock _gate = new();
    private readonly List<Mailbox> _ready = [];
    private readonly Random _random = new(seed);

    internal int Seed => seed;

    /// <summary>How many runs there were.</summary>
    internal long Steps { get; private set; }

    internal override void Schedule(Mailbox mailbox)
    {
        lock (_gate) _ready.Add(mailbox);
    }

    /// <summary>Runs one ready mailbox; false if there is none.</summary>
    internal bool RunOne()
    {
        Mailbox next;
        lock (_gate)
        {
            if (_ready.Count == 0) return false;
            var index = _random.Next(_ready.Count);
            next = _ready[index];
            _ready[index] = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            Steps++;
        }

        next.Execute();
        return true;
    }

    /// <summary>Runs until nothing is ready.</summary>
    /// <exception cref="InvalidOperationException">The actors never come to rest.</exception>
    internal void RunUntilIdle(long maxSteps = 1_000_000)
    {
        for (var steps = 0L; RunOne();)
        {
            if (++steps >= maxSteps) throw new InvalidOperationException($"The actors did not come to rest in {maxSteps} runs under {this}.");
        }
    }

    public override string ToString() => $"SimulationDispatcher(seed: {Seed})";
}
