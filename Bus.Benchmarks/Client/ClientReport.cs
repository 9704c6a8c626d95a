using System.Globalization;

namespace Bus.Benchmarks.Client;

/// <summary>Prints what was measured as natsload does: one JSON line.</summary>
internal static class ClientReport
{
    public static string Rate(string mode, long count, double seconds, long lost = 0, long doubled = 0, long reordered = 0) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"mode":"{{mode}}","ok":{{Ok(lost, doubled, reordered)}},"count":{{count}},"seconds":{{seconds:0.######}},"msgs_per_s":{{count / seconds:0.##}},"lost":{{lost}},"dup":{{doubled}},"reordered":{{reordered}}}""");

    /// <param name="mode">The load.</param>
    /// <param name="seconds">How long all of them took.</param>
    /// <param name="microseconds">Each round trip.</param>
    public static string Latency(string mode, double seconds, double[] microseconds)
    {
        Array.Sort(microseconds);
        return string.Create(CultureInfo.InvariantCulture, $$"""{"mode":"{{mode}}","ok":true,"count":{{microseconds.Length}},"seconds":{{seconds:0.######}},"per_s":{{microseconds.Length / seconds:0.##}},"p50_us":{{microseconds[microseconds.Length / 2]:0.###}},"p99_us":{{microseconds[(int)(microseconds.Length * 0.99)]:0.###}}}""");
    }

    private static string Ok(long lost, long doubled, long reordered) => lost == 0 && doubled == 0 && reordered == 0 ? "true" : "false";
}
