namespace Bus.Core.State;

/// <summary>How many there are of something that comes and goes. Thread-safe.</summary>
internal sealed class Tally
{
    private int _value;

    public int Value => Volatile.Read(ref _value);

    public void Increment() => Interlocked.Increment(ref _value);

    public void Decrement() => Interlocked.Decrement(ref _value);
}
