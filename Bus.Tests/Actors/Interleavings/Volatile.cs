namespace Bus.Tests.Actors.Interleavings;

/// <summary>Stands in for .NET's in the sources that are compiled into this namespace (see Bus.Tests.csproj): each access is a step of the interleaving.</summary>
internal static class Volatile
{
    public static T Read<T>(ref readonly T location)
    {
        Interleaving.Step(changes: false);
        return location;
    }

    public static void Write<T>(ref T location, T value)
    {
        Interleaving.Step(changes: true);
        location = value;
    }
}

/// <inheritdoc cref="Volatile"/>
internal static class Interlocked
{
    public static T CompareExchange<T>(ref T location, T value, T comparand)
    {
        Interleaving.Step(changes: true);
        var seen = location;
        if (EqualityComparer<T>.Default.Equals(seen, comparand)) location = value;
        return seen;
    }
}

/// <inheritdoc cref="Volatile"/>
internal struct SpinWait
{
    /// <summary>How often it has waited.</summary>
    public int Count { get; private set; }

    public void SpinOnce()
    {
        Count++;
        Interleaving.Wait();
    }
}
