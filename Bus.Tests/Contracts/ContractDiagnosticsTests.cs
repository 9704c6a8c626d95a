using Microsoft.CodeAnalysis;

namespace Bus.Tests.Contracts;

/// <summary>What the compiler says of a contract that cannot be, and where.</summary>
public sealed class ContractDiagnosticsTests
{
    /// <summary>The part between « and » is what has to be underlined.</summary>
    [Theory]
    [InlineData("IPCBUS001", "'IUsers' has to be 'partial'", "[BusContract(\"users\")] public interface «IUsers» { Task PingAsync(); }")]
    [InlineData("IPCBUS001", "'Outer' has to be 'partial'", "public class «Outer» { [BusContract(\"users\")] public partial interface IUsers { Task PingAsync(); } }")]
    [InlineData("IPCBUS002", "let a contract without any inherit it", "[BusContract(\"users\")] public partial interface «IUsers»<T> { Task<T> GetAsync(); }")]
    [InlineData("IPCBUS002", "IUsers", "public partial class Outer<T> { [BusContract(\"users\")] public partial interface «IUsers» { Task PingAsync(); } }")]
    [InlineData("IPCBUS003", "'a.b' cannot be the name of a service", "[«BusContract(\"a.b\")»] public partial interface IUsers { Task PingAsync(); }")]
    [InlineData("IPCBUS003", "'' cannot be", "[«BusContract(\"\")»] public partial interface IUsers { Task PingAsync(); }")]
    [InlineData("IPCBUS003", "where replies go", "[«BusContract(\"_INBOX\")»] public partial interface IUsers { Task PingAsync(); }")]
    [InlineData("IPCBUS003", "'get all' cannot be the name of the method 'IUsers.PingAsync'", "[BusContract(\"users\")] public partial interface IUsers { [«BusMethod(\"get all\")»] Task PingAsync(); }")]
    [InlineData("IPCBUS003", "give it another by [BusMethod", "[BusContract(\"users\")] public partial interface IUsers { Task «GrößeAsync»(); }")]
    [InlineData("IPCBUS004", "are both called 'get'", "[BusContract(\"users\")] public partial interface IUsers { Task GetAsync(int id); Task «GetAsync»(string name); }")]
    [InlineData("IPCBUS004", "are both called 'get'", "[BusContract(\"users\")] public partial interface IUsers { Task GetAsync(int id); [BusMethod(\"get\")] Task «Find»(string name); }")]
    [InlineData("IPCBUS004", "are both called 'ping'", "public interface IA { Task PingAsync(); } public interface IB { Task PingAsync(); } [BusContract(\"users\")] public partial interface IUsers : IA, IB { }", false)]
    [InlineData("IPCBUS005", "'IUsers.Get' returns 'int'", "[BusContract(\"users\")] public partial interface IUsers { int «Get»(); }")]
    [InlineData("IPCBUS005", "returns 'void'", "[BusContract(\"users\")] public partial interface IUsers { void «Get»(); }")]
    [InlineData("IPCBUS006", "'IUsers.GetAsync' has type parameters", "[BusContract(\"users\")] public partial interface IUsers { Task<T> «GetAsync»<T>(); }")]
    [InlineData("IPCBUS007", "The parameter 'id' of 'IUsers.GetAsync' is passed by 'ref'", "[BusContract(\"users\")] public partial interface IUsers { Task GetAsync(ref int «id»); }")]
    [InlineData("IPCBUS007", "'out'", "[BusContract(\"users\")] public partial interface IUsers { Task GetAsync(out int «id»); }")]
    [InlineData("IPCBUS007", "'in'", "[BusContract(\"users\")] public partial interface IUsers { Task GetAsync(in int «id»); }")]
    [InlineData("IPCBUS008", "is a property", "[BusContract(\"users\")] public partial interface IUsers { int «Count» { get; } }")]
    [InlineData("IPCBUS008", "is an indexer", "[BusContract(\"users\")] public partial interface IUsers { int «this»[int i] { get; } }")]
    [InlineData("IPCBUS008", "is an event", "[BusContract(\"users\")] public partial interface IUsers { event Action «Changed»; }")]
    [InlineData("IPCBUS008", "is static and abstract", "[BusContract(\"users\")] public partial interface IUsers { static abstract Task «PingAsync»(); }")]
    [InlineData("IPCBUS008", "an IDisposable", "[BusContract(\"users\")] public partial interface «IUsers» : IDisposable { Task PingAsync(); }")]
    [InlineData("IPCBUS008", "an IAsyncDisposable", "[BusContract(\"users\")] public partial interface «IUsers» : IAsyncDisposable { Task PingAsync(); }")]
    [InlineData("IPCBUS009", "'object', in the parameter 'value' of 'IUsers.SetAsync'", "[BusContract(\"users\")] public partial interface IUsers { Task SetAsync(object «value»); }")]
    [InlineData("IPCBUS009", "'dynamic'", "[BusContract(\"users\")] public partial interface IUsers { Task SetAsync(dynamic «value»); }")]
    [InlineData("IPCBUS009", "'object', in the result", "[BusContract(\"users\")] public partial interface IUsers { Task<Dictionary<string, object>> «GetAsync»(); }")]
    [InlineData("IPCBUS009", "'Action'", "[BusContract(\"users\")] public partial interface IUsers { Task SetAsync(int a, List<Action[]> «done»); }")]
    [InlineData("IPCBUS009", "'Span<byte>'", "[BusContract(\"users\")] public partial interface IUsers { Task SetAsync(Span<byte> «bytes»); }")]
    [InlineData("IPCBUS009", "'int*'", "[BusContract(\"users\")] public unsafe partial interface IUsers { Task SetAsync(int* «bytes»); }")]
    [InlineData("IPCBUS009", "send the bytes", "[BusContract(\"users\")] public partial interface IUsers { Task SetAsync(System.IO.MemoryStream «file»); }")]
    [InlineData("IPCBUS009", "only a method itself returns a task", "[BusContract(\"users\")] public partial interface IUsers { Task<Task<int>> «GetAsync»(); }")]
    [InlineData("IPCBUS009", "callers get errors as exceptions", "[BusContract(\"users\")] public partial interface IUsers { Task SetAsync(InvalidOperationException «error»); }")]
    [InlineData("IPCBUS010", "more than one CancellationToken", "[BusContract(\"users\")] public partial interface IUsers { Task «SetAsync»(CancellationToken a, CancellationToken b); }")]
    [InlineData("IPCBUS010", "more than one CallContext", "[BusContract(\"users\")] public partial interface IUsers { Task «SetAsync»(CallContext a, CallContext b); }")]
    [InlineData("IPCBUS011", "'IAsyncEnumerable<int>', in the result of 'IUsers.WatchAsync', is a stream, which cannot be there: return it as it is, without a task", "[BusContract(\"users\")] public partial interface IUsers { Task<IAsyncEnumerable<int>> «WatchAsync»(); }")]
    [InlineData("IPCBUS011", "return it as it is", "[BusContract(\"users\")] public partial interface IUsers { ValueTask<IAsyncEnumerable<int>> «WatchAsync»(); }")]
    [InlineData("IPCBUS011", "in the parameter 'b' of 'IUsers.SetAsync', is a stream, which cannot be there: a call sends one, and 'a' is it", "[BusContract(\"users\")] public partial interface IUsers { Task SetAsync(IAsyncEnumerable<int> a, IAsyncEnumerable<string> «b»); }")]
    [InlineData("IPCBUS011", "it cannot be left out or null", "[BusContract(\"users\")] public partial interface IUsers { Task SetAsync(IAsyncEnumerable<int>? «values»); }")]
    [InlineData("IPCBUS011", "it cannot be left out or null", "[BusContract(\"users\")] public partial interface IUsers { Task SetAsync(IAsyncEnumerable<int> «values» = null!); }")]
    [InlineData("IPCBUS011", "no part of a value", "[BusContract(\"users\")] public partial interface IUsers { Task SetAsync(List<IAsyncEnumerable<int>> «values»); }")]
    [InlineData("IPCBUS011", "no part of a value", "[BusContract(\"users\")] public partial interface IUsers { Task SetAsync(IAsyncEnumerable<int>[] «values»); }")]
    [InlineData("IPCBUS011", "no part of a value", "[BusContract(\"users\")] public partial interface IUsers { IAsyncEnumerable<IAsyncEnumerable<int>> «WatchAsync»(); }")]
    [InlineData("IPCBUS009", "'object', in the result of 'IUsers.WatchAsync'", "[BusContract(\"users\")] public partial interface IUsers { IAsyncEnumerable<object> «WatchAsync»(); }")]
    [InlineData("IPCBUS009", "'Action', in the parameter 'values'", "[BusContract(\"users\")] public partial interface IUsers { Task SetAsync(IAsyncEnumerable<Action> «values»); }")]
    [InlineData("IPCBUS009", "it is a parameter of its own", "[BusContract(\"users\")] public partial interface IUsers { IAsyncEnumerable<CancellationToken> «WatchAsync»(); }")]
    [InlineData("IPCBUS010", "more than one CancellationToken", "[BusContract(\"users\")] public partial interface IUsers { IAsyncEnumerable<int> «WatchAsync»(CancellationToken a, CancellationToken b); }")]
    [InlineData("IPCBUS012", "SafeToRetry of 'IUsers.WatchAsync' is 'true': it has to be false", "[BusContract(\"users\")] public partial interface IUsers { [«BusMethod(SafeToRetry = true)»] IAsyncEnumerable<int> WatchAsync(); }")]
    [InlineData("IPCBUS012", "CacheMs of 'IUsers.SetAsync' is '5': it has to be 0", "[BusContract(\"users\")] public partial interface IUsers { [«BusMethod(CacheMs = 5)»] Task SetAsync(IAsyncEnumerable<int> values); }")]
    [InlineData("IPCBUS013", "The result of 'IUsers.WatchAsync' is a 'string?'", "[BusContract(\"users\")] public partial interface IUsers { IAsyncEnumerable<string?> «WatchAsync»(); }")]
    [InlineData("IPCBUS013", "The parameter 'values' of 'IUsers.SetAsync' is a 'byte[]?'", "[BusContract(\"users\")] public partial interface IUsers { Task SetAsync(int a, IAsyncEnumerable<byte[]?> «values»); }")]
    [InlineData("IPCBUS011", "'Page.Items', in the result of 'IUsers.GetAsync', is a stream", "public record Page(int Number, IAsyncEnumerable<int> Items); [BusContract(\"users\")] public partial interface IUsers { Task<List<Page>> «GetAsync»(); }")]
    [InlineData("IPCBUS011", "'Part.Items'", "public class Part { public Page? Up { get; set; } public IAsyncEnumerable<int>? Items; } public class Page { public List<Part> Parts { get; } = new(); } [BusContract(\"users\")] public partial interface IUsers { Task SetAsync(Page «page»); }")]
    [InlineData("IPCBUS011", "declare it as 'IAsyncEnumerable<int>'", "public abstract class Numbers : IAsyncEnumerable<int> { public abstract IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken token = default); } [BusContract(\"users\")] public partial interface IUsers { Task<Numbers> «GetAsync»(); }")]
    [InlineData("IPCBUS012", "Version of 'IUsers' is '1.0'", "[«BusContract(\"users\", Version = \"1.0\")»] public partial interface IUsers { Task PingAsync(); }")]
    [InlineData("IPCBUS012", "CacheMs of 'IUsers.PingAsync' is '-2'", "[BusContract(\"users\")] public partial interface IUsers { [«BusMethod(CacheMs = -2)»] Task PingAsync(); }")]
    [InlineData("IPCBUS012", "TimeoutMs of 'IUsers.PingAsync' is '-1'", "[BusContract(\"users\")] public partial interface IUsers { [«BusMethod(TimeoutMs = -1)»] Task PingAsync(); }")]
    [InlineData("IPCBUS013", "The result of 'IUsers.GetAsync' is a 'string?'", "[BusContract(\"users\")] public partial interface IUsers { Task<string?> «GetAsync»(); }")]
    [InlineData("IPCBUS013", "The parameter 'bytes'", "[BusContract(\"users\")] public partial interface IUsers { Task SetAsync(byte[]? «bytes»); }")]
    public void It_is_told_where_it_is(string id, string text, string source, bool hasPlace = true)
    {
        var (said, written, _, compilation) = Compiling.Run(source.Replace("«", "").Replace("»", ""));

        var diagnostic = Assert.Single(said);
        Assert.Equal(id, diagnostic.Id);
        Assert.Contains(text, diagnostic.GetMessage());
        // With a warning it is written all the same; with an error it could not be compiled.
        Assert.Equal(diagnostic.Severity == DiagnosticSeverity.Error, written.Length == 0);
        if (!hasPlace) return;
        var marked = source[(source.IndexOf('«') + 1)..source.IndexOf('»')];
        Assert.Equal(marked, compilation.SyntaxTrees.First().ToString().Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length));
        Assert.Equal("snippet.cs", diagnostic.Location.GetLineSpan().Path);
    }

    [Fact]
    public void All_that_is_wrong_is_told_at_once()
    {
        var (said, _, _, _) = Compiling.Run("[BusContract(\"a b\")] public interface IUsers { int Get(); Task SetAsync(object value); Task<T> FindAsync<T>(); int Count { get; } }");
        Assert.Equal(["IPCBUS001", "IPCBUS003", "IPCBUS005", "IPCBUS006", "IPCBUS008", "IPCBUS009"], said.Select(d => d.Id).Order());
    }

    [Fact]
    public void What_a_contract_inherits_from_another_assembly_is_told_at_the_contract()
    {
        var library = Compiling.Of("public interface IStore { Task SetAsync(object value); }");
        var (said, _, _, compilation) = Compiling.Run("[BusContract(\"users\")] public partial interface IUsers : IStore { }", library.ToMetadataReference());
        var place = Assert.Single(said).Location.SourceSpan;
        Assert.Equal("IUsers", compilation.SyntaxTrees.First().ToString().Substring(place.Start, place.Length));
    }
}
