namespace Bus.Tests.Architecture;

/// <summary>What every file of the repository keeps to.</summary>
public sealed class SourceStyleTests
{
    private const int MaxLines = 300;

    // What a source generator has to add to; nothing else is partial.
    private static readonly string[] Generators = ["[LoggerMessage", "JsonSerializerContext", "[GeneratedRegex", "[LibraryImport", "[BusContract"];

    private static readonly string[] Projects = ["Bus.Actors", "Bus.Contracts", "Bus.Core", "Bus.Transport", "Bus.Akka", "Bus.Protobuf", "Bus.Cli", "Bus.Tests", "Bus.Benchmarks", "examples"];

    private static IEnumerable<SourceFile> All => Projects.Where(p => Directory.Exists(Path.Combine(SourceTree.Root, p))).SelectMany(SourceTree.Files);

    [Fact]
    public void No_file_is_longer_than_a_reader_can_hold_in_mind() =>
        Assert.Empty(All.Where(f => f.Lines.Length > MaxLines).Select(f => $"{f.Name}: {f.Lines.Length} lines; {MaxLines} is the limit"));

    [Theory]
    [InlineData("#if")]
    [InlineData("#region")]
    [InlineData("#pragma")]
    public void No_file_is_compiled_in_parts_or_hides_some(string directive) =>
        Assert.Empty(All.Where(f => Array.Exists(f.Lines, l => l.TrimStart().StartsWith(directive, StringComparison.Ordinal))).Select(f => f.Name));

    [Fact]
    public void A_type_is_partial_only_for_a_source_generator() =>
        Assert.Empty(All.Where(f => f.Folders[^1] != "Architecture"
            && Array.Exists(f.Lines, l => l.Contains(" partial class ", StringComparison.Ordinal))
            && !Array.Exists(f.Lines, l => Array.Exists(Generators, g => l.Contains(g, StringComparison.Ordinal)))).Select(f => f.Name));

    [Fact]
    public void A_namespace_is_its_folder()
    {
        var faults =
            from file in All
            where file.Folders[0] is "Bus.Core" or "Bus.Transport" or "Bus.Akka" or "Bus.Protobuf" or "Bus.Cli" or "Bus.Tests"
            let line = Array.Find(file.Lines, l => l.StartsWith("namespace ", StringComparison.Ordinal))
            where line is not null && line != $"namespace {string.Join('.', file.Folders)};"
            select $"{file.Name}: {line}";

        Assert.Empty(faults);
    }

    [Fact]
    public void The_files_of_the_data_path_are_numbered_in_their_first_line()
    {
        string[] path =
        [
            "Bus.Transport/Connections/SocketReader.cs",
            "Bus.Transport/Nats/NatsParser.cs",
            "Bus.Core/Routing/MatchCache.cs",
            "Bus.Core/Routing/BatchBuilder.cs",
            "Bus.Core/Topics/TopicActor.cs",
            "Bus.Transport/Connections/ConnectionActor.cs",
            "Bus.Transport/Channels/SocketSender.cs",
        ];

        for (var step = 1; step <= path.Length; step++)
            Assert.StartsWith($"// Step {step} of the data path:", File.ReadLines(Path.Combine(SourceTree.Root, path[step - 1])).First(), StringComparison.Ordinal);
    }
}
