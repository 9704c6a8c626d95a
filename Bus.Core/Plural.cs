using System.Globalization;

namespace Bus.Core;

/// <summary>A number and what it counts, for people: <c>1 message</c>, <c>1,200 messages</c>.</summary>
internal static class Plural
{
    public static string Of(long count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");
}
