using Bus.Contracts.Model;
using Microsoft.CodeAnalysis;

namespace Bus.Contracts.Reading;

/// <summary>The validation attributes of a parameter (<c>[Range(1, 100)]</c>, or any other), as C# makes them.</summary>
internal static class ValidationRules
{
    public static EquatableArray<string> Of(IParameterSymbol parameter) => new(parameter.GetAttributes().Where(IsRule).Select(Code));

    private static bool IsRule(AttributeData attribute)
    {
        for (var type = attribute.AttributeClass?.BaseType; type is not null; type = type.BaseType)
        {
            if (KnownTypes.NameOf(type) == KnownTypes.ValidationAttribute) return true;
        }

        return false;
    }

    private static string Code(AttributeData attribute)
    {
        var named = attribute.NamedArguments.Select(argument => $"{ContractReader.Escape(argument.Key)} = {Code(argument.Value)}").ToList();
        var code = $"new {KnownTypes.CodeOf(attribute.AttributeClass!)}({string.Join(", ", attribute.ConstructorArguments.Select(Code))})";
        return named.Count == 0 ? code : $"{code} {{ {string.Join(", ", named)} }}";
    }

    private static string Code(TypedConstant value) => value switch
    {
        { IsNull: true } => $"default({KnownTypes.CodeOf(value.Type!)})!",
        { Kind: TypedConstantKind.Array } => $"new {KnownTypes.CodeOf(value.Type!)} {{ {string.Join(", ", value.Values.Select(Code))} }}",
        { Kind: TypedConstantKind.Type } => $"typeof({KnownTypes.CodeOf((ITypeSymbol)value.Value!)})",
        _ => DefaultValues.Literal(value.Value!, value.Type!),
    };
}
