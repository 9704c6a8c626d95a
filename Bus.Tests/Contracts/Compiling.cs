using Bus.Contracts;
using Bus.Core.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Bus.Tests.Contracts;

/// <summary>Compiles a text with the generator, as the compiler does.</summary>
internal static class Compiling
{
    private const string Usings = """
        #nullable enable
        using System;
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using Bus.Core.Context;
        using Bus.Core.Contracts;

        """;

    // Of this compiler, the latest: static abstract members of interfaces are younger than its default.
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview);

    private static readonly IReadOnlyList<MetadataReference> References = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll"))
        .Append(typeof(BusContractAttribute).Assembly.Location)
        .Select(path => MetadataReference.CreateFromFile(path))];

    public static CSharpCompilation Of(string source, params MetadataReference[] more) =>
        CSharpCompilation.Create("Snippet", [CSharpSyntaxTree.ParseText(Usings + source, Parsing, "snippet.cs")], [.. References, .. more], new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));

    public static CSharpGeneratorDriver Driver() =>
        CSharpGeneratorDriver.Create([new ContractGenerator().AsSourceGenerator()], parseOptions: Parsing, driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>What the generator says, what it writes, and what the compiler says of both texts together.</summary>
    public static (IReadOnlyList<Diagnostic> Said, string Written, IReadOnlyList<Diagnostic> Errors, Compilation Compilation) Run(string source, params MetadataReference[] more)
    {
        var driver = Driver().RunGeneratorsAndUpdateCompilation(Of(source, more), out var compilation, out var said);
        return (said, string.Concat(driver.GetRunResult().GeneratedTrees), [.. compilation.GetDiagnostics().Where(d => d.Severity >= DiagnosticSeverity.Warning)], compilation);
    }
}
