using System.Text.RegularExpressions;
using Bus.Contracts.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bus.Contracts.Reading;

/// <summary>Reads an interface that is marked as a contract, and finds what cannot be.</summary>
internal sealed class ContractReader
{
    // The official expression of semver.org, as ServiceOptions has it.
    private const string SemanticVersion = @"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-((0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(\+([0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*))?$";

    private readonly INamedTypeSymbol _type;
    private readonly Faults _faults;

    private ContractReader(INamedTypeSymbol type, Compilation compilation)
    {
        _type = type;
        _faults = new Faults(compilation, type.Locations.FirstOrDefault(location => location.IsInSource));
    }

    public static ReadContract Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        var reader = new ContractReader((INamedTypeSymbol)context.TargetSymbol, context.SemanticModel.Compilation);
        var contract = reader.Read(context.Attributes[0], cancellationToken);
        return new ReadContract(reader._faults.HasErrors ? null : contract, reader._faults.All);
    }

    private ContractModel Read(AttributeData attribute, CancellationToken cancellationToken)
    {
        CheckDeclaration(cancellationToken);
        var service = attribute.ConstructorArguments.FirstOrDefault().Value as string ?? "";
        if (!WireNames.IsValid(service) || service == "_INBOX") _faults.Add(ContractDiagnostics.InvalidName, AttributeValues.PlaceOf(attribute, cancellationToken), service, "a service", service == "_INBOX" ? "; '_INBOX' is where replies go" : "");
        var version = AttributeValues.Text(attribute, "Version");
        if (version is not null && !Regex.IsMatch(version, SemanticVersion, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))
            _faults.Add(ContractDiagnostics.InvalidValue, AttributeValues.PlaceOf(attribute, cancellationToken), "Version", _type.Name, version, "as semantic versioning has it, such as 1.2.0");

        return new ContractModel(
            _type.ContainingNamespace.IsGlobalNamespace ? "" : KnownTypes.CodeOf(_type.ContainingNamespace),
            new EquatableArray<string>(Containers().Reverse().Select(type => $"partial {Keyword(type)} {Escape(type.Name)}")),
            Escape(_type.Name),
            KnownTypes.CodeOf(_type),
            service,
            version,
            AttributeValues.Text(attribute, "Description") ?? "",
            new EquatableArray<MethodModel>(ReadMethods(cancellationToken)));
    }

    internal static string Escape(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : $"@{name}";

    private static string Keyword(INamedTypeSymbol type) => type switch
    {
        { TypeKind: TypeKind.Interface } => "interface",
        { TypeKind: TypeKind.Struct, IsRecord: true } => "record struct",
        { TypeKind: TypeKind.Struct } => "struct",
        { IsRecord: true } => "record",
        _ => "class",
    };

    private IEnumerable<INamedTypeSymbol> Containers()
    {
        for (var type = _type.ContainingType; type is not null; type = type.ContainingType) yield return type;
    }

    private void CheckDeclaration(CancellationToken cancellationToken)
    {
        if (_type.IsGenericType || Containers().Any(type => type.IsGenericType)) _faults.Add(ContractDiagnostics.GenericContract, null, _type.Name);
        foreach (var type in (INamedTypeSymbol[])[_type, .. Containers()])
        {
            var modifiers = type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellationToken)).OfType<TypeDeclarationSyntax>().Select(syntax => syntax.Modifiers).ToList();
            // A type of one file cannot be continued in another; "file" is no kind of token that all versions of the compiler know.
            if (modifiers.All(list => list.Any(SyntaxKind.PartialKeyword)) && !modifiers.Any(list => list.Any(token => token.Text == "file"))) continue;
            _faults.Add(ContractDiagnostics.NotPartial, type.Locations.FirstOrDefault(), type.Name, _type.Name);
        }
    }

    private List<MethodModel> ReadMethods(CancellationToken cancellationToken)
    {
        var (methods, symbols) = (new List<MethodModel>(), new Dictionary<string, IMethodSymbol>(StringComparer.Ordinal));
        var requests = new HashSet<string>(_type.GetTypeMembers().Select(type => type.Name), StringComparer.Ordinal);
        foreach (var type in (INamedTypeSymbol[])[_type, .. _type.AllInterfaces])
        {
            cancellationToken.ThrowIfCancellationRequested();
            // What the compiler sees of an interface that was written in another assembly.
            if (KnownTypes.NameOf(type) == "Bus.Core.Contracts.IBusContract") continue;
            if (type.SpecialType == SpecialType.System_IDisposable || KnownTypes.NameOf(type) == "System.IAsyncDisposable")
            {
                _faults.Add(ContractDiagnostics.NotAMethod, null, _type.Name, $"an {type.Name}", "a client needs no end, and that of a service is its own matter");
                continue;
            }

            // What has a body is no part of the contract: each side carries it out by itself.
            foreach (var member in type.GetMembers().Where(member => member.IsAbstract))
            {
                if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary, IsStatic: false } method) Add(method);
                else if (member is not IMethodSymbol { AssociatedSymbol: not null }) Refuse(member);
            }
        }

        return methods;

        void Add(IMethodSymbol method)
        {
            if (new MethodReader(method, _faults, requests).Read(cancellationToken) is not { } model) return;
            if (symbols.TryGetValue(model.WireName, out var other)) _faults.Add(ContractDiagnostics.DuplicateName, method.Locations.FirstOrDefault(), KnownTypes.TextOf(other), KnownTypes.TextOf(method), model.WireName);
            else symbols.Add(model.WireName, method);
            methods.Add(model);
        }
    }

    private void Refuse(ISymbol member)
    {
        var (what, why) = member switch
        {
            IPropertySymbol { IsIndexer: true } => ("an indexer", "declare a method for what it reads, and one for what it writes"),
            IPropertySymbol => ("a property", "declare a method that returns it, and one that changes it"),
            IEventSymbol => ("an event", "publish what happens on a topic"),
            IMethodSymbol { MethodKind: MethodKind.UserDefinedOperator or MethodKind.Conversion } => ("an operator", "declare it where it has a body"),
            _ => ("static and abstract", "declare a method of the instance"),
        };
        _faults.Add(ContractDiagnostics.NotAMethod, member.Locations.FirstOrDefault(), KnownTypes.TextOf(member), what, why);
    }
}
