using Microsoft.CodeAnalysis;

namespace Bus.Contracts.Reading;

/// <summary>Which types cannot cross the wire, whatever the serializer, and why.</summary>
internal static class WireTypes
{
    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["System.IO.Stream"] = "send the bytes, as byte[] or ReadOnlyMemory<byte>",
        ["System.Linq.Expressions.Expression"] = "it is code of this process",
        ["System.Threading.Tasks.Task"] = "only a method itself returns a task",
        ["System.Threading.Tasks.ValueTask"] = "only a method itself returns a task",
        ["System.Threading.CancellationToken"] = "it is a parameter of its own, beside the values",
        ["System.Type"] = "it is a type of this process: send its name",
        ["System.Exception"] = "throw it: callers get errors as exceptions, by their codes",
        ["System.IServiceProvider"] = "it belongs to this process",
        ["Bus.Core.Client.IBus"] = "it belongs to this process, and the other has its own",
        ["Bus.Core.Context.CallContext"] = "it is a parameter of its own, beside the values",
    };

    /// <summary>The type, in a type or as its element, that cannot cross, and why. Null: none.</summary>
    public static (ITypeSymbol Type, string Why)? FindFault(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => FindFault(array.ElementType),
        IDynamicTypeSymbol => (type, "nobody knows what it is read as: name the type"),
        IPointerTypeSymbol or IFunctionPointerTypeSymbol => (type, "it is an address in this process"),
        { SpecialType: SpecialType.System_Object } => (type, "nobody knows what it is read as: name the type, or take a JsonElement"),
        { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } => (type, "its size is that of a pointer: choose int or long"),
        { IsRefLikeType: true } => (type, "it lives on the stack: take byte[] or ReadOnlyMemory<byte>"),
        { TypeKind: TypeKind.Delegate } => (type, "it is code of this process: publish what happens on a topic, or return it"),
        INamedTypeSymbol named => Named(named),
        _ => null,
    };

    /// <summary>It travels as it is, and not by the serializer.</summary>
    public static bool IsRaw(ITypeSymbol type) => type.SpecialType == SpecialType.System_String || type is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Byte };

    private static (ITypeSymbol Type, string Why)? Named(INamedTypeSymbol type)
    {
        for (var known = (ITypeSymbol?)type; known is not null; known = known.BaseType)
        {
            if (Refused.TryGetValue(KnownTypes.NameOf(known), out var why)) return (type, why);
        }

        return type.TypeArguments.Select(FindFault).FirstOrDefault(fault => fault is not null);
    }
}
