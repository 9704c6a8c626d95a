namespace Bus.Tests.Soak;

/// <summary>
/// Who published what, and what became of it. Time is a counter: a message was begun before and confirmed after certain other things. Thread-safe, where one publisher has
/// one thread at a time.
/// </summary>
internal sealed class Ledger
{
    public const int Topics = 8;

    private readonly Lock _lock = new();
    private readonly List<Account> _accounts = [];
    private readonly List<string> _faults = [];
    private readonly List<(int From, int To)> _outages = [];
    private int _clock;

    /// <summary>Everything that ought not to have happened.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_lock) return [.. _faults];
        }
    }

    public int Confirmed => Accounts.Sum(account => account.Confirmed);

    public IReadOnlyList<Account> Accounts
    {
        get
        {
            lock (_lock) return [.. _accounts];
        }
    }

    public static string Topic(int topic, int publisher) => $"soak.{topic}.{publisher}";

    public int Now() => Interlocked.Increment(ref _clock);

    /// <summary>From now on nothing is owed to anybody, until it is over: the bus goes away.</summary>
    public void BeginOutage()
    {
        lock (_lock) _outages.Add((Now(), int.MaxValue));
    }

    public void EndOutage()
    {
        lock (_lock) _outages[^1] = _outages[^1] with { To = Now() };
    }

    /// <summary>Whether the bus was away at some time between two others.</summary>
    public bool HadOutage(int from, int to)
    {
        lock (_lock) return _outages.Exists(outage => from < outage.To && to > outage.From);
    }

    public Account OpenAccount()
    {
        lock (_lock)
        {
            var account = new Account(this, _accounts.Count);
            _accounts.Add(account);
            return account;
        }
    }

    public void Fault(string text)
    {
        lock (_lock)
        {
            // One fault has many consequences.
            if (_faults.Count < 20) _faults.Add(text);
        }
    }

    /// <summary>The messages of one publisher, by number.</summary>
    public sealed class Account(Ledger ledger, int publisher)
    {
        private readonly Lock _lock = new();
        private readonly List<Entry> _entries = [];

        public int Publisher => publisher;

        public int Confirmed { get; private set; }

        /// <returns>The number of the message, which is its payload.</returns>
        public int Begin(int topic)
        {
            lock (_lock)
            {
                _entries.Add(new Entry(topic, ledger.Now(), Confirmed: 0));
                return _entries.Count - 1;
            }
        }

        public void Confirm(int number)
        {
            var now = ledger.Now();
            lock (_lock)
            {
                _entries[number] = _entries[number] with { Confirmed = now };
                Confirmed++;
            }
        }

        /// <summary>Compares what arrived with what was published.</summary>
        /// <param name="who">The subscriber.</param>
        /// <param name="arrived">The numbers in the order of arrival.</param>
        /// <param name="topic">What it subscribes to; null: all topics.</param>
        /// <param name="since">It subscribed before that.</param>
        /// <param name="until">It unsubscribed after that. Zero: it has no time in which all has to arrive.</param>
        public void Check(string who, IReadOnlyList<int> arrived, int? topic, int since, int until)
        {
            lock (_lock)
            {
                for (var i = 0; i < arrived.Count; i++)
                {
                    if (arrived[i] >= _entries.Count) ledger.Fault($"{who} got message {arrived[i]} of publisher {publisher}, which was never published.");
                    else if (topic is { } own && _entries[arrived[i]].Topic != own) ledger.Fault($"{who} got message {arrived[i]} of publisher {publisher}, which is of topic {_entries[arrived[i]].Topic} and not {own}.");
                    if (i > 0 && arrived[i] <= arrived[i - 1]) ledger.Fault($"{who} got message {arrived[i]} of publisher {publisher} behind {arrived[i - 1]}.");
                }

                var got = arrived.ToHashSet();
                for (var number = 0; number < _entries.Count; number++)
                {
                    var entry = _entries[number];
                    if (entry.Begun > since && entry.Confirmed > 0 && entry.Confirmed < until && (topic ?? entry.Topic) == entry.Topic && !got.Contains(number) && !ledger.HadOutage(entry.Begun, entry.Confirmed))
                    {
                        ledger.Fault($"{who} did not get message {number} of publisher {publisher} on topic {entry.Topic}, begun at {entry.Begun} and confirmed at {entry.Confirmed}; it subscribed from {since} to {until} and got {arrived.Count}.");
                    }
                }
            }
        }

        private readonly record struct Entry(int Topic, int Begun, int Confirmed);
    }
}
