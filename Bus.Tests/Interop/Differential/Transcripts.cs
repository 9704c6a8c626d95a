namespace Bus.Tests.Interop.Differential;

/// <summary>The table of conversations.</summary>
internal static class Transcripts
{
    public static IReadOnlyList<Transcript> All { get; } = [.. TopicTranscripts.All, .. ProtocolTranscripts.All, .. ErrorTranscripts.All];

    public static Step A(string bytes, int pings = 0) => new("A", bytes, pings);

    public static Step B(string bytes, int pings = 0) => new("B", bytes, pings);

    public static Step C(string bytes) => new("C", bytes);

    public static string Repeat(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    public static string Each(int count, Func<int, string> text) => string.Concat(Enumerable.Range(0, count).Select(text));
}
