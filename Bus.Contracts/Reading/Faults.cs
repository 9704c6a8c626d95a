using Bus.Contracts.Model;
using Microsoft.CodeAnalysis;

namespace Bus.Contracts.Reading;

/// <summary>What was found of one contract.</summary>
/// <param name="compilation">What is compiled.</param>
/// <param name="contract">Where the interface is: for what has no place in this compilation, as a method that it inherits from another assembly.</param>
internal sealed class Faults(Compilation compilation, Location? contract)
{
    private readonly List<DiagnosticInfo> _found = [];

    public bool HasErrors => _found.Exists(fault => fault.Descriptor.DefaultSeverity == DiagnosticSeverity.Error);

    public EquatableArray<DiagnosticInfo> All => new(_found);

    public void Add(DiagnosticDescriptor descriptor, Location? location, params string[] arguments) =>
        _found.Add(DiagnosticInfo.Create(descriptor, location?.SourceTree is { } tree && compilation.ContainsSyntaxTree(tree) ? location : contract, arguments));
}
