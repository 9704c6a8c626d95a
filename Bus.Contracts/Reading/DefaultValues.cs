using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Bus.Contracts.Reading;

/// <summary>Values of optional parameters and of attributes, as C# writes them.</summary>
internal static class DefaultValues
{
    /// <returns>Null: it has none.</returns>
    public static string? Of(IParameterSymbol parameter)
    {
        if (!parameter.HasExplicitDefaultValue) return null;
        return parameter.ExplicitDefaultValue is { } value ? Literal(value, parameter.Type) : "default!";
    }

    public static string Literal(object value, ITypeSymbol type)
    {
        var literal = value switch
        {
            double.NaN => "double.NaN",
            double.PositiveInfinity => "double.PositiveInfinity",
            double.NegativeInfinity => "double.NegativeInfinity",
            float.NaN => "float.NaN",
            float.PositiveInfinity => "float.PositiveInfinity",
            float.NegativeInfinity => "float.NegativeInfinity",
            decimal => $"{SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false)}m",
            float number => $"{number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}f",
            double number => $"{number.ToString("R", System.Globalization.CultureInfo.InvariantCulture)}d",
            _ => SymbolDisplay.FormatPrimitive(value, quoteStrings: true, useHexadecimalNumbers: false),
        };
        return value is string ? literal : $"({KnownTypes.CodeOf(type)})({literal})";
    }
}
