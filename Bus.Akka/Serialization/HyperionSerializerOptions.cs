using System.Reflection;

namespace Bus.Akka.Serialization;

/// <summary>
/// Which types a <see cref="HyperionBusSerializer"/> writes and reads. Nothing is allowed by default but what carries data and no behaviour: primitive
/// types, strings, dates, and the usual collections of allowed types.
/// </summary>
public sealed record HyperionSerializerOptions
{
    /// <summary>Types that are allowed one by one. A generic type definition allows it with every allowed argument.</summary>
    public IReadOnlyCollection<Type> Types { get; init; } = [];

    /// <summary>Assemblies all of whose types are allowed: those of your messages. Never one that you did not write.</summary>
    public IReadOnlyCollection<Assembly> Assemblies { get; init; } = [];

    /// <summary>Checks that something is allowed, and that the allow-list is no open door.</summary>
    /// <exception cref="ArgumentException">Nothing is allowed, or an assembly of the framework is.</exception>
    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Types);
        ArgumentNullException.ThrowIfNull(Assemblies);
        if (Types.Count == 0 && Assemblies.Count == 0)
        {
            throw new ArgumentException(
                $"No type is allowed: name the types of your messages in {nameof(Types)}, or the assemblies that hold nothing but messages in {nameof(Assemblies)}.");
        }

        if (Assemblies.FirstOrDefault(IsOfTheFramework) is { } framework)
        {
            throw new ArgumentException(
                $"{framework.GetName().Name} must not be allowed as a whole: whoever can send a payload could make objects of any type in it. Name single types in {nameof(Types)}.");
        }
    }

    private static bool IsOfTheFramework(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        return assembly == typeof(object).Assembly
            || name is "System" or "mscorlib" or "netstandard" or "Akka" or "Hyperion"
            || name.StartsWith("System.", StringComparison.Ordinal)
            || name.StartsWith("Microsoft.", StringComparison.Ordinal);
    }
}
