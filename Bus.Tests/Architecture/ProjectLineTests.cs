using System.Text.RegularExpressions;

namespace Bus.Tests.Architecture;

/// <summary>Projects form one straight line, and so do the folders inside them: what stands left may use what stands right, never the reverse.</summary>
public sealed partial class ProjectLineTests
{
    private static readonly string[] Line = ["Bus.Actors", "Bus.Contracts", "Bus.Core", "Bus.Transport", "Bus.Akka", "Bus.Protobuf", "Bus.Cli"];

    private static readonly string[] WithoutSockets = ["Bus.Actors", "Bus.Core"];

    private static readonly string[] Shared = ["Bus.Core", "Bus.Transport", "Bus.Protobuf", "Bus.Cli", "Bus.Tests", "examples"];

    // The folders of a project from the bottom to the top. A new folder has to find its place here.
    private static readonly Dictionary<string, string[]> Layers = new(StringComparer.Ordinal)
    {
        ["Bus.Contracts"] = ["Model", "Reading", "Writing", ""],
        ["Bus.Core"] = ["", "Buffers", "Presence", "Messages", "Routing", "State", "Topics", "Services", "Supervision", "Client", "Calls", "Context", "Caching", "Endpoint", "Streams", "Rpc", "Contracts", "Routes", "Hosting"],
        ["Bus.Transport"] = ["", "Nats", "Channels", "Endpoints", "JsonLines", "Connections", "Server", "Client", "Hosting"],
        ["Bus.Akka"] = ["", "Serialization", "Hosting"],
        ["Bus.Protobuf"] = [""],
        ["Bus.Cli"] = ["Input", "Output", "Execution", "Publishing", "Subscribing", "Replying", "Demo", "Commands", ""],
    };

    [Theory]
    [InlineData("Bus.Actors")]
    [InlineData("Bus.Contracts")]
    [InlineData("Bus.Core")]
    [InlineData("Bus.Transport")]
    [InlineData("Bus.Akka")]
    [InlineData("Bus.Protobuf")]
    [InlineData("Bus.Cli")]
    public void A_project_refers_only_to_projects_before_it_in_the_line(string project)
    {
        var text = File.ReadAllText(Path.Combine(SourceTree.Root, project, $"{project}.csproj"));
        var references = ProjectReference().Matches(text).Select(m => m.Groups["name"].Value).ToArray();

        Assert.All(references, reference => Assert.True(
            Array.IndexOf(Line, reference) is >= 0 and var at && at < Array.IndexOf(Line, project),
            $"{project} refers to {reference}, which does not stand before it in the line {string.Join(" <- ", Line)}."));
    }

    [Theory]
    [InlineData("Bus.Contracts")]
    [InlineData("Bus.Core")]
    [InlineData("Bus.Transport")]
    [InlineData("Bus.Akka")]
    [InlineData("Bus.Protobuf")]
    [InlineData("Bus.Cli")]
    public void Folders_point_one_way(string project)
    {
        var layers = Layers[project];
        var faults =
            from file in SourceTree.Files(project)
            let own = file.Folders.ElementAtOrDefault(1) ?? ""
            from line in file.Lines.Where(l => !l.TrimStart().StartsWith("//", StringComparison.Ordinal))
            from used in layers.Where(l => l.Length > 0 && Mentions(line, $"{project}.{l}"))
            where Array.IndexOf(layers, used) > Array.IndexOf(layers, own)
            select $"{file.Name} uses {project}.{used}, which is above {own}: {line.Trim()}";

        Assert.Empty(faults);
    }

    [Theory]
    [InlineData("Bus.Contracts")]
    [InlineData("Bus.Core")]
    [InlineData("Bus.Transport")]
    [InlineData("Bus.Akka")]
    [InlineData("Bus.Protobuf")]
    [InlineData("Bus.Cli")]
    public void Every_folder_has_its_place(string project) =>
        Assert.Empty(SourceTree.Files(project).Select(f => f.Folders.ElementAtOrDefault(1) ?? "").Distinct(StringComparer.Ordinal).Except(Layers[project], StringComparer.Ordinal));

    /// <summary>A folder elsewhere would be built into nothing and tested by nobody.</summary>
    [Fact]
    public void Source_lies_in_the_projects_and_nowhere_else()
    {
        string[] known = ["Bus.Actors", "Bus.Contracts", "Bus.Core", "Bus.Transport", "Bus.Akka", "Bus.Protobuf", "Bus.Cli", "Bus.Tests", "Bus.Benchmarks", "examples"];
        Assert.Empty(SourceTree.Files(".").Select(f => f.Folders.FirstOrDefault() ?? "").Distinct(StringComparer.Ordinal).Except(known, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_example_says_how_to_run_it() =>
        Assert.All(Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "examples")), example => Assert.True(File.Exists(Path.Combine(example, "README.md")), $"{example} has no README.md."));

    [Fact]
    public void The_core_knows_no_sockets_and_no_terminals()
    {
        var faults =
            from project in WithoutSockets
            from file in SourceTree.Files(project)
            where Array.Exists(file.Lines, l => Mentions(l, "System.Net.Sockets") || Mentions(l, "System.CommandLine") || Mentions(l, "Spectre.Console"))
            select file.Name;

        Assert.Empty(faults);
    }

    [Fact]
    public void The_built_in_runtime_needs_no_package() =>
        Assert.DoesNotContain("<PackageReference", File.ReadAllText(Path.Combine(SourceTree.Root, "Bus.Actors", "Bus.Actors.csproj")), StringComparison.Ordinal);

    [Fact]
    public void Shared_source_names_no_actor_runtime()
    {
        var faults =
            from project in Shared
            from file in SourceTree.Files(project)
            where file.Folders is not ["Bus.Tests", "Architecture" or "Akka", ..] && !file.Name.EndsWith(".Akka.cs", StringComparison.Ordinal)
            from line in file.Lines
            where line.StartsWith("using Akka", StringComparison.Ordinal) || line.StartsWith("using Bus.Actors", StringComparison.Ordinal)
            select $"{file.Name}: {line}";

        Assert.Empty(faults);
    }

    [Fact]
    public void At_most_one_file_of_a_project_differs_between_the_runtimes()
    {
        foreach (var project in Shared)
        {
            var names = SourceTree.Files(project).Select(f => f.Name).ToArray();
            var akka = Array.FindAll(names, n => n.EndsWith(".Akka.cs", StringComparison.Ordinal));
            Assert.True(akka.Length <= 1, $"{project} has {string.Join(" and ", akka)}.");
            Assert.Equal(akka.Select(n => n.Replace(".Akka.cs", ".BuiltIn.cs", StringComparison.Ordinal)), names.Where(n => n.EndsWith(".BuiltIn.cs", StringComparison.Ordinal)));
        }
    }

    private static bool Mentions(string line, string name) => Regex.IsMatch(line, $@"\b{Regex.Escape(name)}\b", RegexOptions.None, TimeSpan.FromSeconds(5));

    [GeneratedRegex(@"<ProjectReference Include=""[^""]*?(?<name>[^/\\""]+)\.csproj""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex ProjectReference();
}
