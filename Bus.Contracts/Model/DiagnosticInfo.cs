using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Bus.Contracts.Model;

/// <summary>A diagnostic without the syntax tree that it is about, which would be held in memory and equals no other.</summary>
internal sealed record DiagnosticInfo(DiagnosticDescriptor Descriptor, string Path, TextSpan Span, LinePositionSpan Lines, EquatableArray<string> Arguments)
{
    public static DiagnosticInfo Create(DiagnosticDescriptor descriptor, Location? location, params string[] arguments) =>
        new(descriptor, location?.SourceTree?.FilePath ?? "", location?.SourceSpan ?? default, location?.GetLineSpan().Span ?? default, new EquatableArray<string>(arguments));

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Descriptor, Path.Length == 0 ? Location.None : Location.Create(Path, Span, Lines), [.. Arguments.Cast<object>()]);
}

/// <summary>What was read of one interface.</summary>
/// <param name="Contract">Null: it has errors, and nothing is written.</param>
/// <param name="Diagnostics">What was found.</param>
internal sealed record ReadContract(ContractModel? Contract, EquatableArray<DiagnosticInfo> Diagnostics);
