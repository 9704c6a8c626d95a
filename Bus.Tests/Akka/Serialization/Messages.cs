using System.Collections.Immutable;

namespace Bus.Tests.Akka.Serialization;

// What the serializer tests send: no default constructors, fields of a base type, collections, cycles.
internal abstract record Shape(string Name);

internal sealed record Circle(string Name, double Radius) : Shape(Name);

internal sealed record Group(string Name, ImmutableList<Shape> Parts) : Shape(Name);

internal readonly record struct Money(decimal Amount, Currency Currency);

internal enum Currency
{
    Euro,
    Dollar,
}

internal sealed record Order(
    string? Customer,
    int? Count,
    Money Price,
    DateTimeOffset At,
    Guid Id,
    byte[] Blob,
    int[] Numbers,
    List<Shape> Shapes,
    Dictionary<string, long> Tags,
    ImmutableArray<string> Words,
    object? Anything,
    (bool Flag, TimeSpan Length) Pair);

internal sealed record Pair(object? Left, object? Right);

internal sealed record Holder<T>(T Value);

internal sealed class Node(string name)
{
    public string Name { get; } = name;

    public Node? Next { get; set; }
}

internal sealed record Secret(string Text);

/// <summary>Says when its type is initialised.</summary>
internal sealed class Poison
{
    private static readonly object Loaded = Note();

    public object Content { get; } = Loaded;

    private static object Note()
    {
        PoisonLog.Count++;
        return new object();
    }
}

internal static class PoisonLog
{
    public static int Count { get; set; }
}
