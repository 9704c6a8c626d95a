using Bus.Tests.Architecture;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>The scripts of the source tree, copied into an empty one, with a <c>dotnet</c> that only tells how it was called.</summary>
public sealed class ScriptTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ipcbus-script-");

    public ScriptTests()
    {
        foreach (var project in (string[])["Bus.Cli", "Bus.Benchmarks"]) Directory.CreateDirectory(Path.Combine(Root, project));
        foreach (var name in (string[])["ipcbus", "bench"]) File.Copy(Path.Combine(SourceTree.Root, name), Path.Combine(Root, name));
        File.WriteAllText(Path.Combine(Root, "Directory.Build.props"), "");
        Program("dotnet", "echo \"dotnet $*\"; case \"$*\" in *PublishReadyToRun=true*) [ ! -e \"$0.jit\" ];; esac");
    }

    private string Root => Path.Combine(_folder.FullName, "tree");

    private string Tools => Directory.CreateDirectory(Path.Combine(_folder.FullName, "tools")).FullName;

    private string Log => File.ReadAllText(Path.Combine(Root, "artifacts", "ipcbus.log"));

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public async Task Ipcbus_is_built_into_a_folder_that_dotnet_pack_does_not_write_to()
    {
        var build = Path.Combine(Root, "artifacts", "ipcbus");
        await using var first = Run("ipcbus", "serve", "--name", "a b");
        Assert.Equal((0, $"dotnet {build}/ipcbus.dll serve --name a b\n"), (await first.ExitAsync(), first.Output.Text));
        Assert.Equal(["ipcbus: the first start builds it, which takes a minute"], first.Errors.Lines);
        Assert.Contains($" -o {build} ", Log, StringComparison.Ordinal);

        await using var second = Run("ipcbus", "ping");
        Assert.Equal((0, $"dotnet {build}/ipcbus.dll ping\n", ""), (await second.ExitAsync(), second.Output.Text, second.Errors.Text));
    }

    [Fact]
    public async Task A_build_that_is_not_compiled_ahead_of_time_is_told_in_a_line()
    {
        await File.WriteAllTextAsync(Path.Combine(Tools, "dotnet.jit"), "");
        await using var script = Run("ipcbus", "ping");
        Assert.Equal(0, await script.ExitAsync());
        Assert.Contains(script.Errors.Lines, line => line.Contains("not compiled ahead of time", StringComparison.Ordinal));
        Assert.EndsWith("ipcbus.dll ping\n", script.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ipcbus_can_be_a_symbolic_link()
    {
        var absolute = Path.Combine(Tools, "absolute");
        var relative = Path.Combine(Tools, "relative");
        File.CreateSymbolicLink(absolute, Path.Combine(Root, "ipcbus"));
        File.CreateSymbolicLink(relative, "absolute");
        await using var script = ToolProcess.Start("/bin/sh", [relative, "ping"], Environment);
        Assert.Equal(0, await script.ExitAsync());
        Assert.Equal($"dotnet {Root}/artifacts/ipcbus/ipcbus.dll ping\n", script.Output.Text);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("actors", "--help")]
    public async Task Bench_tells_all_of_its_options_without_a_build(params string[] arguments)
    {
        await using var script = Run("bench", arguments);
        Assert.Equal((0, ""), (await script.ExitAsync(), script.Errors.Text));
        Assert.Contains("./bench actors [FOLDER]", script.Output.Text, StringComparison.Ordinal);
        Assert.All(Bus.Benchmarks.Compare.CompareCommand.Create().Options, option => Assert.Contains($"  {option.Name} ", script.Output.Text, StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(Root, "artifacts")));
    }

    [Fact]
    public async Task Bench_actors_takes_a_relative_folder_with_packages()
    {
        var packages = Directory.CreateDirectory(Path.Combine(Tools, "packages")).FullName;
        await using var script = Run("bench", "actors", "packages");
        Assert.Equal(0, await script.ExitAsync());
        Assert.Contains($"-p:RestoreAdditionalProjectSources={packages}\n", await File.ReadAllTextAsync(Path.Combine(Root, "artifacts", "bench.log")), StringComparison.Ordinal);
        await using var wrong = Run("bench", "actors", "nowhere");
        Assert.Equal((2, "There is no folder 'nowhere': name one that holds the Akka packages.\n"), (await wrong.ExitAsync(), wrong.Errors.Text[wrong.Errors.Text.IndexOf("There", StringComparison.Ordinal)..]));
    }

    [Fact]
    public void Bench_takes_no_nonsense_for_rounds() =>
        Assert.Equal(["--rounds takes a number from 1 to 1000, and not 'x'."], Bus.Benchmarks.Compare.CompareCommand.Create().Parse(["--rounds", "x"]).Errors.Select(e => e.Message));

    private Dictionary<string, string> Environment => new() { ["PATH"] = $"{Tools}:/usr/bin:/bin" };

    private ToolProcess Run(string script, params string[] arguments) => ToolProcess.Start("/bin/sh", [Path.Combine(Root, script), .. arguments], Environment, Tools);

    private void Program(string name, string script)
    {
        var path = Path.Combine(Tools, name);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
