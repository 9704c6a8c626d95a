using Microsoft.CodeAnalysis;

namespace Bus.Contracts.Reading;

/// <summary>The values of attributes, and where they are written.</summary>
internal static class AttributeValues
{
    public static Location? PlaceOf(AttributeData attribute, CancellationToken cancellationToken) => attribute.ApplicationSyntaxReference?.GetSyntax(cancellationToken).GetLocation();

    public static string? Text(AttributeData? attribute, string name) => Value(attribute, name) as string;

    public static object? Value(AttributeData? attribute, string name) => attribute?.NamedArguments.FirstOrDefault(argument => argument.Key == name).Value.Value;
}
