using System.Globalization;
using Bus.Cli.Output;

namespace Bus.Cli.Commands;

/// <summary>Numbers of bytes as people write them: <c>65536</c>, <c>64KiB</c>, <c>1.5MiB</c>.</summary>
internal static class ByteSize
{
    private static readonly (string Name, long Bytes)[] Units = [("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10), ("B", 1)];

    /// <summary>Reads one; a fraction of a byte is none.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var (name, unit) = Array.Find(Units, u => text.EndsWith(u.Name, StringComparison.OrdinalIgnoreCase));
        var number = name is null ? text : text[..^name.Length];
        if (!decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value > long.MaxValue >> 30) return false;
        value *= name is null ? 1 : unit;
        bytes = (long)value;
        return value == bytes;
    }

    /// <summary>Writes one in the largest unit that gives a whole number.</summary>
    public static string Text(long bytes)
    {
        var (name, unit) = Array.Find(Units, u => bytes % u.Bytes == 0 && bytes >= u.Bytes);
        return name is null or "B" ? Plural.Of(bytes, "byte") : $"{bytes / unit}{name}";
    }
}
