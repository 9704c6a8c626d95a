namespace Bus.Core.State;

/// <summary>Bounds what waits in a mailbox: whoever tells a message enters, whoever takes it leaves, before anything can go wrong with it. Thread-safe.</summary>
internal sealed class Turnstile(int places)
{
    private int _taken;

    /// <returns>Whether there was a place.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _taken) <= places) return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _taken);
}
