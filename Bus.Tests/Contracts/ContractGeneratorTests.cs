using Bus.Contracts;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Bus.Tests.Contracts;

/// <summary>What is written for a contract compiles, whatever it looks like, and is not written again without need.</summary>
public sealed class ContractGeneratorTests
{
    private const string Simple = "[BusContract(\"users\")] public partial interface IUsers { Task<int> GetAsync(int a, int b); }";

    [Theory]
    [InlineData("namespace A.B; [BusContract(\"users\")] public partial interface IUsers { Task<int> GetAsync(int a, int b); }")]
    [InlineData("namespace @class { [BusContract(\"users\")] partial interface @interface { Task<int> @new(int @event, string @void = \"a\\\"b\\\\\\n\"); } }")]
    [InlineData("namespace A; partial class Outer { partial struct Inner { partial record Third { private partial interface IFourth { [BusContract(\"users\")] private protected partial interface IUsers { Task GetAsync(int a, int b); } } } } }", "CS8707")]
    [InlineData("partial class Outer { partial struct Inner { partial record Third { [BusContract(\"users\")] private partial interface IUsers { Task GetAsync(int a, Mine b); } private sealed record Mine(int A); } } }")]
    [InlineData("[BusContract(\"users\")] public partial interface IUsers { }")]
    [InlineData("public interface IStore<T> { Task<T> GetAsync(int id); ValueTask SetAsync(int id, T value); } [BusContract(\"users\")] public partial interface IUsers : IStore<List<int?>> { }")]
    [InlineData("public interface IA { Task AAsync(); } public interface IB : IA { Task BAsync(); } public interface IC : IA { } [BusContract(\"users\")] public partial interface IUsers : IB, IC { }")]
    [InlineData("[BusContract(\"a\")] public partial interface IA { Task GetAsync(int a, int b); } [BusContract(\"b\")] public partial interface IB : IA { Task SetAsync(int a, int b); }")]
    [InlineData("[BusContract(\"users\")] public partial interface IUsers { Task GetAsync(int a = -1, long b = long.MinValue, ulong c = ulong.MaxValue, decimal d = -1.5m, double e = double.NaN, float f = float.NegativeInfinity, double g = -0.1, float h = 1e-9f, char i = '\\'', bool j = true, DayOfWeek k = (DayOfWeek)(-1), DayOfWeek? l = DayOfWeek.Friday, string? m = null, Guid n = default, int? o = null, byte p = 1, string q = \"\"); }")]
    [InlineData("[BusContract(\"users\")] public partial interface IUsers { public sealed record GetRequest(int A); Task<int> GetAsync(int a, GetRequest b); [BusMethod(\"1\")] Task OneAsync(int x, int y); [BusMethod(\"-\")] Task DashAsync(int x, int y); [BusMethod(\"a-b\")] Task CAsync(int x, int y); [BusMethod(\"aB\")] Task DAsync(int x, int y); Task EAsync(int ERequest, int y); }")]
    [InlineData("[BusContract(\"users\")] public partial interface IUsers { Task GetAsync((int A, string? B) pair, int[][] numbers, Dictionary<string, List<string?>>? map, ReadOnlyMemory<byte> bytes); Task SumAsync(params int[] numbers); }")]
    [InlineData("[BusContract(\"users\")] public partial interface IUsers { Task<(int A, string? B)> GetAsync(CancellationToken first, CallContext second, int third, int fourth); static int Version => 1; int Twice(int a) => 2 * a; const int C = 1; enum E { A } }")]
    [InlineData("[BusContract(\"users\", Version = \"1.0.0-rc.1+x\", Description = \"a \\\"b\\\"\\n\")] public partial interface IUsers { [BusMethod(Description = \"{0} \\\\\", TimeoutMs = 5, SafeToRetry = true)] Task GetAsync(); }")]
    [InlineData("#nullable disable\n[BusContract(\"users\")] public partial interface IUsers { Task<string> GetAsync(string a, List<string> b); }")]
    [InlineData("[BusContract(\"users\")] public partial interface IUsers { Task<int> GetAsync(int equals, int getType, int toString, int GetHashCode, int bus, int options, int request, int context, int value, int properties); }")]
    [InlineData("public sealed class MineAttribute : System.ComponentModel.DataAnnotations.ValidationAttribute { public MineAttribute(string? a, Type t, DayOfWeek d, char c, params object?[] more) { } public int[] Numbers { get; set; } = new int[0]; } [BusContract(\"users\")] public partial interface IUsers { Task GetAsync([System.ComponentModel.DataAnnotations.Range(typeof(decimal), \"1\", \"2\")] decimal a, [System.ComponentModel.DataAnnotations.Range(0.5, double.PositiveInfinity)] double b, [Mine(null, typeof(List<int?>), DayOfWeek.Friday, '\\'', 1, \"a\", null, Numbers = new[] { 1, 2 }, ErrorMessage = \"\\\"\")] string @new); Task OneAsync([Mine(\"\", typeof(IUsers), (DayOfWeek)9, 'a')] int equals, CancellationToken token); }")]
    [InlineData("[BusContract(\"users\")] public partial interface IUsers { IAsyncEnumerable<(int A, string? B)> AAsync(CancellationToken token = default); IAsyncEnumerable<int> BAsync(int a, int b = 2); Task CAsync(IAsyncEnumerable<int?> items, int a, CallContext? c = null); ValueTask<int> DAsync(string a, int b, IAsyncEnumerable<string> request, CancellationToken context); IAsyncEnumerable<string> EAsync(IAsyncEnumerable<byte[]> @event); IAsyncEnumerable<string> FAsync(int a, IAsyncEnumerable<byte[]> b, int c = 1); ValueTask GAsync(IAsyncEnumerable<DayOfWeek> items); }")]
    [InlineData("public class Tree { public Tree? Up { get; set; } public List<Tree> Down { get; } = new(); [System.Text.Json.Serialization.JsonIgnore] public IAsyncEnumerable<int>? Live { get; set; } } [BusContract(\"users\")] public partial interface IUsers { IAsyncEnumerable<Tree> GetAsync(Tree tree); }")]
    public void It_compiles(string source, string? except = null)
    {
        var (said, written, errors, _) = Compiling.Run(source);

        Assert.Empty(said);
        Assert.NotEmpty(written);
        Assert.Empty(errors.Where(error => error.Id != except).Select(error => $"{error}\n{written}"));
    }

    [Theory]
    [InlineData("GetAsync", "get")]
    [InlineData("FindByNameAsync", "find-by-name")]
    [InlineData("Async", "async")]
    [InlineData("GetURLOfAsync", "get-url-of")]
    [InlineData("GetURL", "get-url")]
    [InlineData("GetV2Async", "get-v2")]
    [InlineData("Get2ndAsync", "get2nd")]
    [InlineData("get_all", "get_all")]
    [InlineData("Get_All", "get_all")]
    [InlineData("X", "x")]
    public void A_method_is_called_after_its_name(string method, string name) =>
        Assert.Contains($"(\"{name}\", async (request, context)", Compiling.Run($"[BusContract(\"users\")] public partial interface IUsers {{ Task {method}(); }}").Written);

    [Fact]
    public void A_class_that_implements_it_needs_nothing_but_its_methods() =>
        Assert.Empty(Compiling.Run(Simple + "public sealed class Users : IUsers { public Task<int> GetAsync(int a, int b) => Task.FromResult(a + b); }").Errors);

    [Fact]
    public void A_contract_of_another_assembly_can_be_inherited()
    {
        var (_, _, errors, library) = Compiling.Run(Simple);
        Assert.Empty(errors);
        var result = Compiling.Run("[BusContract(\"admins\")] public partial interface IAdmins : IUsers { Task<int> SetAsync(int a, int b); }", library.ToMetadataReference());
        Assert.Empty(result.Said);
        Assert.Empty(result.Errors);
        Assert.Contains("IUsers.GetAsync(int a, int b) =>", result.Written);
    }

    [Fact]
    public void What_it_writes_names_no_reflection()
    {
        var written = Compiling.Run(Simple).Written;
        foreach (var word in (string[])["System.Reflection", "Activator", "GetMethod", "MakeGeneric", "dynamic", "DynamicProxy"]) Assert.DoesNotContain(word, written);
    }

    [Theory]
    [InlineData("public class Other { }", IncrementalStepRunReason.Cached)]
    [InlineData("// a comment", IncrementalStepRunReason.Cached)]
    [InlineData("[BusContract(\"others\")] public partial interface IOthers { }", IncrementalStepRunReason.Cached)]
    public void It_is_not_written_again_when_something_else_changes(string added, IncrementalStepRunReason reason)
    {
        var before = Compiling.Of(Simple);
        var driver = Compiling.Driver().RunGenerators(before);
        var after = before.AddSyntaxTrees(CSharpSyntaxTree.ParseText("using Bus.Core.Contracts;\n" + added, (CSharpParseOptions)before.SyntaxTrees[0].Options));

        var result = driver.RunGenerators(after).GetRunResult().Results[0];

        Assert.Contains(result.TrackedSteps[ContractGenerator.ReadStep][0].Outputs, output => output.Reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged);
        Assert.Equal(reason, result.TrackedOutputSteps.SelectMany(step => step.Value).First().Outputs[0].Reason);
    }

    [Fact]
    public void It_is_not_written_again_when_only_its_layout_changes()
    {
        var before = Compiling.Of(Simple);
        var driver = Compiling.Driver().RunGenerators(before);
        var after = before.ReplaceSyntaxTree(before.SyntaxTrees[0], CSharpSyntaxTree.ParseText(before.SyntaxTrees[0].ToString().Replace("{ Task", "{\n // gets it\n Task"), (CSharpParseOptions)before.SyntaxTrees[0].Options));

        var result = driver.RunGenerators(after).GetRunResult().Results[0];

        Assert.Equal(IncrementalStepRunReason.Unchanged, result.TrackedSteps[ContractGenerator.ReadStep][0].Outputs[0].Reason);
        var changed = before.ReplaceSyntaxTree(before.SyntaxTrees[0], CSharpSyntaxTree.ParseText(before.SyntaxTrees[0].ToString().Replace("int b", "int c"), (CSharpParseOptions)before.SyntaxTrees[0].Options));
        Assert.Equal(IncrementalStepRunReason.Modified, driver.RunGenerators(changed).GetRunResult().Results[0].TrackedSteps[ContractGenerator.ReadStep][0].Outputs[0].Reason);
    }
}
