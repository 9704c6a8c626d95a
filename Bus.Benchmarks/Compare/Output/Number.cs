using System.Globalization;

namespace Bus.Benchmarks.Compare.Output;

/// <summary>Numbers as people read them: three significant digits, thousands apart.</summary>
internal static class Number
{
    public static string Text(double value) => value.ToString(Math.Abs(value) switch { >= 100 => "#,0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);

    public static string Text(double? value, string suffix = "") => value is { } number ? Text(number) + suffix : "";
}
