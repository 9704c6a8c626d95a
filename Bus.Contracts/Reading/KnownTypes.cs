using Microsoft.CodeAnalysis;

namespace Bus.Contracts.Reading;

/// <summary>Types by their names.</summary>
internal static class KnownTypes
{
    public const string ContractAttribute = "Bus.Core.Contracts.BusContractAttribute";
    public const string MethodAttribute = "Bus.Core.Contracts.BusMethodAttribute";
    public const string CallContext = "Bus.Core.Context.CallContext";
    public const string CancellationToken = "System.Threading.CancellationToken";
    public const string Task = "System.Threading.Tasks.Task";
    public const string ValueTask = "System.Threading.Tasks.ValueTask";
    public const string AsyncEnumerable = "System.Collections.Generic.IAsyncEnumerable";

    public const string ValidationAttribute = "System.ComponentModel.DataAnnotations.ValidationAttribute";

    private static readonly SymbolDisplayFormat NameOnly = new(typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);

    private static readonly SymbolDisplayFormat ForCode = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    /// <summary>Namespace and name, without type arguments.</summary>
    public static string NameOf(ITypeSymbol type) => type.ToDisplayString(NameOnly);

    /// <summary>As any code can name it.</summary>
    public static string CodeOf(INamespaceOrTypeSymbol type) => type.ToDisplayString(ForCode);

    /// <summary>For people.</summary>
    public static string TextOf(ISymbol symbol) => symbol.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat);

    /// <summary>For people: the interface and the method.</summary>
    public static string MethodText(IMethodSymbol method) => $"{method.ContainingType.Name}.{method.Name}";
}
