using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Bus.Contracts.Reading;

/// <summary>Values of optional parameters, as C# writes them.</summary>
internal static class DefaultValues
{
    /// <returns>Null: it has none.</returns>
    public static string? Of(IParameterSymbol parameter)
    {
        if (!parameter.HasExplicitDefaultValue) return null;
        if (parameter.ExplicitDefaultValue is not { } value) return "default!";
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
        return value is string ? literal : $"({KnownTypes.CodeOf(parameter.Type)})({literal})";
    }
}
