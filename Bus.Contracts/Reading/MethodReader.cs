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
        Once(parameters, ParameterKind.Cancellation, "CancellationToken");
        Once(parameters, ParameterKind.Context, "CallContext");
        return new MethodModel(
            KnownTypes.CodeOf(method.ContainingType),
            ContractReader.Escape(method.Name),
            wireName,
            NameRequest(wireName, parameters),
            KnownTypes.CodeOf(method.ReturnType),
            result is null ? null : KnownTypes.CodeOf(result),
            KnownTypes.NameOf(method.ReturnType) == KnownTypes.ValueTask,
            AttributeValues.Text(attribute, "Description") ?? "",
            timeout,
            AttributeValues.Value(attribute, "SafeToRetry") is true,
            cache,
            new EquatableArray<ParameterModel>(parameters!));
    }

    private Location? Place => method.Locations.FirstOrDefault();

    private int Milliseconds(AttributeData? attribute, string name, Location? place)
    {
        var value = AttributeValues.Value(attribute, name) as int? ?? 0;
        if (value < 0) faults.Add(ContractDiagnostics.InvalidValue, place, name, _text, value.ToString(System.Globalization.CultureInfo.InvariantCulture), "a number of milliseconds, or 0 for none");
        return value;
    }

    private bool ReadResult(out ITypeSymbol? result)
    {
        result = null;
        var name = KnownTypes.NameOf(method.ReturnType);
        if (name == KnownTypes.AsyncEnumerable)
        {
            faults.Add(ContractDiagnostics.Stream, Place, _text, "returns");
            return false;
        }

        if (name is not (KnownTypes.Task or KnownTypes.ValueTask) || method.ReturnsByRef || method.ReturnsByRefReadonly)
        {
            faults.Add(ContractDiagnostics.NotAsync, Place, _text, KnownTypes.TextOf(method.ReturnType));
            return false;
        }

        result = ((INamedTypeSymbol)method.ReturnType).TypeArguments.FirstOrDefault();
        return result is null || Check(result, Place, "the result", "returns");
    }

    private ParameterModel? ReadParameter(IParameterSymbol parameter)
    {
        var place = parameter.Locations.FirstOrDefault();
        if (parameter.RefKind != RefKind.None)
        {
            faults.Add(ContractDiagnostics.ByReference, place, parameter.Name, _text, parameter.RefKind.ToString().ToLowerInvariant());
            return null;
        }

        var type = parameter.Type;
        var kind = KnownTypes.NameOf(type) switch
        {
            KnownTypes.CancellationToken => ParameterKind.Cancellation,
            KnownTypes.CallContext => ParameterKind.Context,
            _ => ParameterKind.Value,
        };
        if (kind == ParameterKind.Value && !Check(type, place, $"the parameter '{parameter.Name}'", "takes")) return null;
        var mustNotBeNull = type.IsReferenceType && type.NullableAnnotation == NullableAnnotation.NotAnnotated;
        return new ParameterModel(parameter.Name, ContractReader.Escape(parameter.Name), KnownTypes.CodeOf(type), kind, DefaultValues.Of(parameter), mustNotBeNull, ValidationRules.Of(parameter));
    }

    private bool Check(ITypeSymbol type, Location? place, string where, string verb)
    {
        if (KnownTypes.NameOf(type) == KnownTypes.AsyncEnumerable)
        {
            faults.Add(ContractDiagnostics.Stream, place, _text, verb);
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
        if (!isAlone) return;
        foreach (var parameter in method.Parameters.Where(parameter => parameter.Type.NullableAnnotation == NullableAnnotation.Annotated && WireTypes.IsRaw(parameter.Type)))
            faults.Add(ContractDiagnostics.NullIsEmpty, parameter.Locations.FirstOrDefault(), $"The parameter '{parameter.Name}'", _text, KnownTypes.TextOf(parameter.Type));
    }
}
