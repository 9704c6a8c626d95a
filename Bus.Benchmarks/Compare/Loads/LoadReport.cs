using System.Text.Json;

namespace Bus.Benchmarks.Compare.Loads;

/// <summary>Reads the one JSON line that a load prints. Whatever is not exactly that is an error with the text in it: a figure is never guessed.</summary>
internal static class LoadReport
{
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "pubs", "subs", "subjects", "wild", "queue", "size", "published", "delivered", "seconds", "msgs_per_s", "mb_per_s", "lost", "dup", "reordered",
        "share_min", "share_max", "churned", "churn_per_s", "server_cpu_s", "server_cpu_ns_per_msg", "server_rss_mb", "server_peak_mb", "load_cpu_s",
        "rate", "count", "p50_us", "p90_us", "p99_us", "p999_us", "max_us", "requesters", "responders", "window", "per_s",
        "conns", "subs_each", "kb_per_conn", "subscriptions", "subscribe_per_s", "bytes_per_sub", "publish_per_s",
    };

    private static readonly string[] MustBeZero = ["lost", "dup", "reordered"];

    /// <param name="mode">The load that was asked for.</param>
    /// <param name="output">All that it wrote to standard output.</param>
    /// <returns>The figures by name.</returns>
    /// <exception cref="LoadFailedException">The text is not one report, is of another load, or tells of a failure.</exception>
    public static IReadOnlyDictionary<string, double> Parse(string mode, string output)
    {
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length != 1) throw new LoadFailedException($"The load '{mode}' printed {lines.Length} lines instead of one report: {Quote(output)}");
        try
        {
            using var json = JsonDocument.Parse(lines[0]);
            return Figures(mode, json.RootElement, output);
        }
        catch (JsonException e)
        {
            throw new LoadFailedException($"The load '{mode}' printed no JSON ({e.Message}): {Quote(output)}");
        }
    }

    private static Dictionary<string, double> Figures(string mode, JsonElement root, string output)
    {
        if (root.ValueKind != JsonValueKind.Object) throw new LoadFailedException($"The load '{mode}' printed no JSON object: {Quote(output)}");
        var figures = new Dictionary<string, double>(StringComparer.Ordinal);
        string? said = null, error = null;
        bool? ok = null;
        foreach (var field in root.EnumerateObject())
        {
            switch (field.Name, field.Value.ValueKind)
            {
                case ("mode", JsonValueKind.String): said = field.Value.GetString(); break;
                case ("error", JsonValueKind.String): error = field.Value.GetString(); break;
                case ("ok", JsonValueKind.True): ok = true; break;
                case ("ok", JsonValueKind.False): ok = false; break;
                case (_, JsonValueKind.Number) when Known.Contains(field.Name) && figures.TryAdd(field.Name, field.Value.GetDouble()): break;
                default: throw new LoadFailedException($"The load '{mode}' printed a field '{field.Name}' that nobody here knows, or twice, or of another kind: {Quote(output)}");
            }
        }

        if (said != mode) throw new LoadFailedException($"The load '{mode}' reported on '{said}': {Quote(output)}");
        var lacking = MustBeZero.Where(name => figures.GetValueOrDefault(name) != 0).ToList();
        if (ok is not true || error is not null || lacking.Count > 0) throw new LoadFailedException($"The load '{mode}' failed: {Quote(output)}");
        return figures;
    }

    private static string Quote(string output) => output.Trim() is { Length: > 0 } text ? $"'{text}'" : "nothing";
}
