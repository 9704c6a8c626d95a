using Bus.Contracts.Model;
using Microsoft.CodeAnalysis;

namespace Bus.Contracts.Reading;

/// <summary>Reads one method of a contract.</summary>
/// <param name="method">The method.</param>
/// <param name="faults">Takes what cannot be.</param>
/// <param name="requests">Names of types in the interface; gets that of the request.</param>
internal sealed class MethodReader(IMethodSymbol method, Faults faults, HashSet<string> requests)
{
    private readonly string _text = KnownTypes.MethodText(method);

    /// <returns>Null: its parameters or its result cannot cross the wire.</returns>
    public MethodModel? Read(CancellationToken cancellationToken)
    {
        var attribute = method.GetAttributes().FirstOrDefault(a => a.AttributeClass is { } type && KnownTypes.NameOf(type) == KnownTypes.MethodAttribute);
        var place = attribute is null ? null : AttributeValues.PlaceOf(attribute, cancellationToken);
        var wireName = attribute is { ConstructorArguments.Length: 1 } ? attribute.ConstructorArguments[0].Value as string ?? "" : WireNames.OfMethod(method.Name);
        if (!WireNames.IsValid(wireName)) faults.Add(ContractDiagnostics.InvalidName, place ?? Place, wireName, $"the method '{_text}'", place is null ? ": give it another by [BusMethod(\"...\")]" : "");
        var (timeout, cache) = (Milliseconds(attribute, "TimeoutMs", place), Milliseconds(attribute, "CacheMs", place));
        if (method.IsGenericMethod)
        {
            faults.Add(ContractDiagnostics.GenericMethod, Place, _text);
            return null;
        }

        if (!ReadResult(out var result)) return null;
        var parameters = method.Parameters.Select(ReadParameter).ToList();
        if (parameters.Contains(null)) return null;
        var returns = KnownTypes.NameOf(method.ReturnType) switch { KnownTypes.AsyncEnumerable => ReturnKind.Stream, KnownTypes.ValueTask => ReturnKind.ValueTask, _ => ReturnKind.Task };
        var safeToRetry = AttributeValues.Value(attribute, "SafeToRetry") is true;
        if (returns == ReturnKind.Stream || Streams.Any())
        {
            if (safeToRetry) faults.Add(ContractDiagnostics.InvalidValue, place, "SafeToRetry", _text, "true", "false, for a stream that has broken is not begun again");
            if (cache > 0) faults.Add(ContractDiagnostics.InvalidValue, place, "CacheMs", _text, cache.ToString(System.Globalization.CultureInfo.InvariantCulture), "0, for the items of a stream are not kept");
        }

        Once(parameters, ParameterKind.Cancellation, "CancellationToken");
        Once(parameters, ParameterKind.Context, "CallContext");
        return new MethodModel(
            KnownTypes.CodeOf(method.ContainingType),
            ContractReader.Escape(method.Name),
            wireName,
            NameRequest(wireName, parameters),
            KnownTypes.CodeOf(method.ReturnType),
            result is null ? null : KnownTypes.CodeOf(result),
            returns,
            AttributeValues.Text(attribute, "Description") ?? "",
            timeout,
            safeToRetry,
            cache,
            new EquatableArray<ParameterModel>(parameters!));
    }

    private Location? Place => method.Locations.FirstOrDefault();

    private IEnumerable<IParameterSymbol> Streams => method.Parameters.Where(parameter => StreamTypes.ItemOf(parameter.Type) is not null);

    private int Milliseconds(AttributeData? attribute, string name, Location? place)
    {
        var value = AttributeValues.Value(attribute, name) as int? ?? 0;
        if (value < 0) faults.Add(ContractDiagnostics.InvalidValue, place, name, _text, value.ToString(System.Globalization.CultureInfo.InvariantCulture), "a number of milliseconds, or 0 for none");
        return value;
    }

    private bool ReadResult(out ITypeSymbol? result)
    {
        result = null;
        const string where = "the result";
        if (KnownTypes.NameOf(method.ReturnType) is not (KnownTypes.Task or KnownTypes.ValueTask or KnownTypes.AsyncEnumerable) || method.ReturnsByRef || method.ReturnsByRefReadonly)
        {
            faults.Add(ContractDiagnostics.NotAsync, Place, _text, KnownTypes.TextOf(method.ReturnType));
            return false;
        }

        result = ((INamedTypeSymbol)method.ReturnType).TypeArguments.FirstOrDefault();
        if (result is null) return true;
        if (StreamTypes.ItemOf(result) is null || StreamTypes.ItemOf(method.ReturnType) is not null) return Check(result, Place, where);
        faults.Add(ContractDiagnostics.Stream, Place, KnownTypes.TextOf(result), where, _text, "return it as it is, without a task, for the call is made when it is enumerated");
        return false;
    }

    private ParameterModel? ReadParameter(IParameterSymbol parameter)
    {
        var place = parameter.Locations.FirstOrDefault();
        if (parameter.RefKind != RefKind.None)
        {
            faults.Add(ContractDiagnostics.ByReference, place, parameter.Name, _text, parameter.RefKind.ToString().ToLowerInvariant());
            return null;
        }

        var (type, where) = (parameter.Type, $"the parameter '{parameter.Name}'");
        var item = StreamTypes.ItemOf(type);
        var kind = KnownTypes.NameOf(type) switch
        {
            KnownTypes.AsyncEnumerable => ParameterKind.Items,
            KnownTypes.CancellationToken => ParameterKind.Cancellation,
            KnownTypes.CallContext => ParameterKind.Context,
            _ => ParameterKind.Value,
        };
        if (kind is ParameterKind.Value or ParameterKind.Items && !Check(item ?? type, place, where)) return null;
        if (kind == ParameterKind.Items && WhyNoItems(parameter) is { } why)
        {
            faults.Add(ContractDiagnostics.Stream, place, KnownTypes.TextOf(type), where, _text, why);
            return null;
        }

        var mustNotBeNull = type.IsReferenceType && type.NullableAnnotation == NullableAnnotation.NotAnnotated;
        return new ParameterModel(parameter.Name, ContractReader.Escape(parameter.Name), KnownTypes.CodeOf(type), item is null ? null : KnownTypes.CodeOf(item), kind, DefaultValues.Of(parameter), mustNotBeNull, ValidationRules.Of(parameter));
    }

    private string? WhyNoItems(IParameterSymbol parameter)
    {
        if (Streams.First() is var first && !SymbolEqualityComparer.Default.Equals(first, parameter)) return $"a call sends one, and '{first.Name}' is it: put into one item what belongs together";
        return parameter.HasExplicitDefaultValue || parameter.Type.NullableAnnotation == NullableAnnotation.Annotated ? "it cannot be left out or null: let callers give an empty one" : null;
    }

    private bool Check(ITypeSymbol type, Location? place, string where)
    {
        if (StreamTypes.FindIn(type) is var (stream, reason))
        {
            faults.Add(ContractDiagnostics.Stream, place, stream, where, _text, reason);
            return false;
        }

        if (WireTypes.FindFault(type) is not var (fault, why)) return true;
        faults.Add(ContractDiagnostics.UnsupportedType, place, KnownTypes.TextOf(fault), where, _text, why);
        return false;
    }

    private void Once(List<ParameterModel?> parameters, ParameterKind kind, string name)
    {
        if (parameters.Count(parameter => parameter!.Kind == kind) > 1) faults.Add(ContractDiagnostics.SpecialTwice, Place, _text, name);
    }

    /// <summary>A single value that has to be given is the request itself. Several, or what may be left out, travel by their names.</summary>
    private string? NameRequest(string wireName, List<ParameterModel?> parameters)
    {
        var values = parameters.Where(parameter => parameter!.Kind == ParameterKind.Value).ToList();
        var isAlone = values.Count == 1 && values[0]!.Default is null;
        WarnOfNull(isAlone);
        if (isAlone || values.Count == 0) return null;
        var name = WireNames.OfRequest(wireName);
        while (values.Exists(value => value!.Name == name) || !requests.Add(name)) name += "_";
        return name;
    }

    private void WarnOfNull(bool isAlone)
    {
        if (((INamedTypeSymbol)method.ReturnType).TypeArguments.FirstOrDefault() is { NullableAnnotation: NullableAnnotation.Annotated } result && WireTypes.IsRaw(result))
            faults.Add(ContractDiagnostics.NullIsEmpty, Place, "The result", _text, KnownTypes.TextOf(result));
        foreach (var parameter in method.Parameters)
        {
            var item = StreamTypes.ItemOf(parameter.Type);
            var type = item ?? parameter.Type;
            if ((isAlone || item is not null) && type.NullableAnnotation == NullableAnnotation.Annotated && WireTypes.IsRaw(type))
                faults.Add(ContractDiagnostics.NullIsEmpty, parameter.Locations.FirstOrDefault(), $"The parameter '{parameter.Name}'", _text, KnownTypes.TextOf(type));
        }
    }
}
