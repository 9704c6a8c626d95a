using System.Text;
using Bus.Contracts.Model;
using Bus.Contracts.Reading;
using Bus.Contracts.Writing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Bus.Contracts;

/// <summary>
/// Writes, for each interface that is marked as a bus contract, a client that calls the service, a dispatcher that hands calls to an implementation, and the types of requests
/// with several values. What it reads of an interface is a model that equals itself as long as nothing changes that matters, so nothing is written again while somebody types.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ContractGenerator : IIncrementalGenerator
{
    /// <summary>The name of the step that reads the interfaces, for tests.</summary>
    internal const string ReadStep = "ReadContracts";

    /// <inheritdoc />
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var contracts = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownTypes.ContractAttribute, static (node, _) => node is InterfaceDeclarationSyntax, ContractReader.Read)
            .WithTrackingName(ReadStep);
        context.RegisterSourceOutput(contracts, static (output, read) => Write(output, read));
    }

    private static void Write(SourceProductionContext output, ReadContract read)
    {
        foreach (var diagnostic in read.Diagnostics) output.ReportDiagnostic(diagnostic.ToDiagnostic());
        if (read.Contract is { } contract) output.AddSource($"{HintOf(contract)}.g.cs", SourceText.From(ContractWriter.Write(contract), Encoding.UTF8));
    }

    private static string HintOf(ContractModel contract) => contract.FullName.Replace("global::", "").Replace("@", "");
}
