namespace Bus.Transport.Endpoints;

/// <summary>
/// Keeps the name of a pipe for its server until the last of its connections is gone, as Windows does by itself. Elsewhere .NET removes the pipe's file when the last
/// connection closes, whoever's file that then is: another server must not be there before.
/// </summary>
/// <param name="fileLock">The lock beside the file; null on Windows.</param>
internal sealed class PipeHold(IDisposable? fileLock)
{
    private int _count;

    /// <summary>One more holder. Dispose it once.</summary>
    public IDisposable Take()
    {
        Interlocked.Increment(ref _count);
        return new Share(this);
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _count) == 0) fileLock?.Dispose();
    }

    private sealed class Share(PipeHold hold) : IDisposable
    {
        public void Dispose() => hold.Leave();
    }
}
