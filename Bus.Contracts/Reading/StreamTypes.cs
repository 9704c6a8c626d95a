using Microsoft.CodeAnalysis;

namespace Bus.Contracts.Reading;

/// <summary>Streams, and where they are: what a method returns or one of its parameters can be one, and nothing else.</summary>
internal static class StreamTypes
{
    private const string Ignored = "System.Text.Json.Serialization.JsonIgnoreAttribute";

    /// <summary>What the items are. Null: it is no stream.</summary>
    public static ITypeSymbol? ItemOf(ITypeSymbol type) => KnownTypes.NameOf(type) == KnownTypes.AsyncEnumerable ? ((INamedTypeSymbol)type).TypeArguments[0] : null;

    /// <summary>A stream that is a value, or a part of it, and why it cannot be.</summary>
    /// <returns>What it is called. Null: there is none.</returns>
    public static (string Name, string Why)? FindIn(ITypeSymbol value) => Find(value, KnownTypes.TextOf(value), new HashSet<ITypeSymbol>(SymbolEqualityComparer.Default));

    private static (string Name, string Why)? Find(ITypeSymbol type, string name, HashSet<ITypeSymbol> seen)
    {
        // A type may hold others of its own kind.
        if (!seen.Add(type)) return null;
        if (ItemOf(type) is not null) return (name, "a stream is what a method returns, or a parameter of its own, and no part of a value");
        if (type is IArrayTypeSymbol array) return Find(array.ElementType, KnownTypes.TextOf(array.ElementType), seen);
        if (type is not INamedTypeSymbol named) return null;
        if (named.AllInterfaces.FirstOrDefault(known => ItemOf(known) is not null) is { } stream) return (name, $"declare it as '{KnownTypes.TextOf(stream)}', for that is all of it that crosses the wire");
        foreach (var argument in named.TypeArguments)
        {
            if (Find(argument, KnownTypes.TextOf(argument), seen) is { } found) return found;
        }

        // Types of .NET hold none but in their type arguments.
        if (named.ContainingNamespace?.ToDisplayString() is not { } place || place == "System" || place.StartsWith("System.", StringComparison.Ordinal)) return null;
        foreach (var member in named.GetMembers().Where(IsWritten))
        {
            var part = (member as IPropertySymbol)?.Type ?? ((IFieldSymbol)member).Type;
            if (Find(part, $"{named.Name}.{member.Name}", seen) is { } found) return found;
        }

        return null;
    }

    /// <summary>Whether serializers look at a member.</summary>
    private static bool IsWritten(ISymbol member) =>
        member is IPropertySymbol { IsIndexer: false } or IFieldSymbol && member is { IsStatic: false, DeclaredAccessibility: Accessibility.Public } &&
        !member.GetAttributes().Any(attribute => attribute.AttributeClass is { } type && KnownTypes.NameOf(type) == Ignored);
}
