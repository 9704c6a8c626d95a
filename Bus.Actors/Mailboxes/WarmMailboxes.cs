namespace Bus.Actors;

/// <summary>
/// Mailboxes that keep their empty segment after a run, because they are likely to run again soon: lending and returning one costs 25 ns. A few for each thread;
/// once in a while they are emptied and others get the chance, so that an actor that has become idle gives its segment back.
/// </summary>
internal static class WarmMailboxes
{
    private const int Places = 128;
    private const int RunsBetweenSweeps = 4096;

    [ThreadStatic]
    private static Warm? _warm;

    /// <summary>Whether the mailbox may keep its segment. Called in its run, for one that does not have the right yet.</summary>
    internal static bool TryKeep(Mailbox mailbox)
    {
        var warm = _warm ??= new Warm();
        if (warm.Count == Places)
        {
            if (++warm.Refused < RunsBetweenSweeps) return false;
            Sweep(warm);
            if (warm.Count == Places) return false;
        }

        warm.Mailboxes[warm.Count++] = mailbox;
        return true;
    }

    private static void Sweep(Warm warm)
    {
        warm.Refused = 0;
        var kept = 0;
        for (var i = 0; i < warm.Count; i++)
        {
            // One that is busy is worth keeping.
            if (!warm.Mailboxes[i].TryCool()) warm.Mailboxes[kept++] = warm.Mailboxes[i];
        }

        warm.Mailboxes.AsSpan(kept, warm.Count - kept).Clear();
        warm.Count = kept;
    }

    private sealed class Warm
    {
        public readonly Mailbox[] Mailboxes = new Mailbox[Places];
        public int Count;
        public int Refused;
    }
}
