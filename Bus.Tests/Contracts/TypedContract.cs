using System.Text.Json;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Contracts;
using Bus.Core.Messages;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Contracts;

/// <summary>A service that is offered and called by an interface.</summary>
public abstract class TypedContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly ServiceCallOptions Patient = new() { Timeout = TimeSpan.FromHours(1) };

    [Fact]
    public async Task A_method_of_the_interface_is_a_call()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var service = await bus.ServeAsync<IUsers>(new Users()).Guard();
        var users = caller.Contract<IUsers>(Patient);

        Assert.Equal(new User(1, "Ada", Rank.Admin), await users.GetAsync(1).Guard());
        Assert.Equal(["Ada", "Adam"], (await users.FindByNameAsync("Ada", least: Rank.Guest).Guard()).Select(user => user.Name));
        Assert.Equal(["Ada", "Alan"], (await users.FindByNameAsync("A").Guard()).Select(user => user.Name));
        Assert.Equal(["Ada"], (await users.FindByNameAsync("A", limit: 1).Guard()).Select(user => user.Name));
        Assert.Equal(["Ada"], (await users.FindByNameAsync("A", 9, Rank.Admin).Guard()).Select(user => user.Name));
        await users.AddAsync(new User(4, "Grace")).Guard();
        await users.RenameAsync(4, "Hopper").AsTask().Guard();
        Assert.Equal(4, await users.CountAsync().Guard());
        Assert.Equal("Hopper", (await users.GetAsync(4).Guard()).Name);
        Assert.Equal("\"è\"\n", await users.EchoAsync("\"è\"\n").Guard());
        Assert.Equal("Ada, Alan, ", string.Join(", ", await users.ListAsync(2).Guard()));
        Assert.Equal(7, await users.PingAsync(7).AsTask().Guard());
        Assert.True(await users.HasAsync(4).Guard());
        await users.ClearAsync(CancellationToken.None).AsTask().Guard();
        Assert.False(await users.HasAsync(4).Guard());
        Assert.Equal(["get", "find-by-name", "add", "rename", "count", "echo", "clear", "list", "who", "hang", "ping"], service.Methods);
        Assert.Equal("1.2.3", service.Version);
    }

    [Fact]
    public async Task A_contract_may_inherit_another()
    {
        var bus = await Fixture.ConnectAsync();
        await using var service = await bus.ServeAsync<IAdmins>(new Users()).Guard();
        var admins = bus.Contract<IAdmins>(Patient);

        await admins.PromoteAsync(3, Rank.Admin).Guard();

        Assert.Equal(Rank.Admin, (await admins.GetAsync(3).Guard()).Rank);
        Assert.Equal(["Ada", "Adam"], (await admins.FindByNameAsync("Ada").Guard()).Select(user => user.Name));
        // Under its own name, not under that of the other.
        Assert.Equal(["admins"], (await Assert.ThrowsAsync<ServiceNotFoundException>(() => bus.Contract<IUsers>(Patient).CountAsync().Guard())).Available);
    }

    [Fact]
    public async Task Anybody_can_call_it_and_it_can_call_anybody()
    {
        var (bus, other) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using (await bus.ServeAsync<IUsers>(new Users()).Guard())
        {
            // As a client of another language does it: text on topics.
            Assert.Equal("""{"id":2,"name":"Alan","rank":1}""", await AskAsync("get", "2"));
            Assert.Equal("""[{"id":1,"name":"Ada","rank":2},{"id":2,"name":"Alan","rank":1}]""", await AskAsync("find-by-name", """{"name":"A"}"""));
            Assert.Equal("""[{"id":3,"name":"Adam","rank":0}]""", await AskAsync("find-by-name", """{"name":"A","rank":0,"least":0,"unknown":1}"""));
            Assert.Equal("", await AskAsync("add", """{"id":5,"name":"Grace"}"""));
            Assert.Equal("", await AskAsync("rename", """{"id":5,"new":"Hopper"}"""));
            Assert.Equal("4", await AskAsync("count", ""));
            Assert.Equal("4", await AskAsync("count", "anything"));
            Assert.Equal("text as it is", await AskAsync("echo", "text as it is"));
            Assert.Equal("""["Ada","Alan","Adam","Hopper",null]""", await AskAsync("list", "{}"));
            var info = JsonDocument.Parse(await other.RequestAsync<string, string>("$SRV.INFO.users", "").Guard()).RootElement;
            Assert.Equal(("1.2.3", "who there is"), (info.GetProperty("version").GetString(), info.GetProperty("description").GetString()));
            Assert.Equal("one of them", info.GetProperty("endpoints")[0].GetProperty("metadata").GetProperty("description").GetString());
        }

        // A service that is no C# and knows nothing of the contract.
        var asked = new List<string>();
        await using var foreign = await other.RespondAsync<string, string>(["users.get", "users.rename", "users.find-by-name"], (text, _) =>
        {
            asked.Add(text);
            return new ValueTask<string>(text == "7" ? """{"Name":"Grace","id":7}""" : text.Contains("limit") ? "[]" : "null");
        }).Guard();
        var users = bus.Contract<IUsers>(Patient);
        Assert.Equal(new User(7, "Grace"), await users.GetAsync(7).Guard());
        await users.RenameAsync(7, "x").AsTask().Guard();
        Assert.Empty(await users.FindByNameAsync("y").Guard());
        Assert.Equal(["7", """{"id":7,"new":"x"}""", """{"name":"y","limit":2,"rank":null,"least":1}"""], asked);

        Task<string> AskAsync(string method, string request) => other.RequestAsync<string, string>($"users.{method}", request).Guard();
    }

    [Fact]
    public async Task Errors_have_their_names()
    {
        var bus = await Fixture.ConnectAsync();
        var users = bus.Contract<IUsers>(Patient);
        await Assert.ThrowsAsync<ServiceNotFoundException>(() => users.CountAsync().Guard());
        await using var service = await bus.ServeAsync<IUsers>(new Users()).Guard();

        var absent = await Assert.ThrowsAsync<RemoteErrorException>(() => users.GetAsync(99).Guard());
        Assert.Equal((404, "not-found", "There is no user 99."), (absent.Code, absent.Error, absent.Text));
        // Thrown before the first await.
        var failed = await Assert.ThrowsAsync<RemoteErrorException>(() => users.AddAsync(new User(1, "")).Guard());
        Assert.Equal((BusErrors.HandlerFailed, "There is a user 1 already."), (failed.Error, failed.Text));
        await service.RemoveAsync("count").Guard();
        await Assert.ThrowsAsync<MethodNotFoundException>(() => users.CountAsync().Guard());
    }

    [Theory]
    [InlineData("get", "x", "cannot be read")]
    [InlineData("rename", """{"id":1}""", "new")]
    [InlineData("rename", """{"id":1,"new":null}""", "'new' of the method 'users.rename' must not be null")]
    [InlineData("rename", "null", "'request' of the method 'users.rename' must not be null")]
    [InlineData("rename", """{"id":"one","new":"x"}""", "cannot be read")]
    [InlineData("add", "null", "'user' of the method 'users.add' must not be null")]
    public async Task A_request_that_cannot_be_read_is_a_bad_one(string method, string request, string text)
    {
        var bus = await Fixture.ConnectAsync();
        await using var service = await bus.ServeAsync<IUsers>(new Users()).Guard();

        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => bus.RequestAsync<string, string>($"users.{method}", request).Guard());

        Assert.Equal((400, BusErrors.BadRequest), (error.Code, error.Error));
        Assert.Contains(text, error.Text);
    }

    [Fact]
    public async Task The_token_of_the_caller_cancels_the_token_of_the_service()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var users = new Users();
        await using var service = await bus.ServeAsync<IUsers>(users).Guard();
        using var end = new CancellationTokenSource();

        var call = caller.Contract<IUsers>(Patient).HangAsync(listens: true, end.Token);
        await users.Hanging.Task.Guard();
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.Guard());
        await users.Cancelled.Task.Guard();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_time_of_a_method_is_the_limit_of_the_service(bool listens)
    {
        var bus = await Fixture.ConnectAsync();
        var users = new Users();
        await using var service = await bus.ServeAsync<IUsers>(users).Guard();

        // The caller would wait for longer.
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => bus.Contract<IUsers>(Patient).HangAsync(listens).Guard());

        Assert.Equal(BusErrors.Timeout, error.Error);
        await users.Cancelled.Task.Guard();
    }

    [Fact]
    public async Task The_time_of_a_method_is_the_timeout_of_a_caller_that_has_none_of_its_own()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        // A service without limits of its own.
        var hanging = new TaskCompletionSource<string>();
        await using var service = await bus.ServeAsync("users", s => s.Endpoint<string, string>("hang", async (_, context) => await hanging.Task.WaitAsync(context.CancellationToken))).Guard();

        var error = await Assert.ThrowsAnyAsync<BusException>(() => caller.Contract<IUsers>().HangAsync(listens: true).Guard());

        Assert.Contains("0.1 s", error.Message);
    }

    [Fact]
    public async Task The_context_of_a_call_flows_into_the_calls_that_it_makes()
    {
        var (bus, caller) = (await Fixture.ConnectAsync("server"), await Fixture.ConnectAsync("caller"));
        await using var inner = await bus.ServeAsync<IUsers>(new Users()).Guard();
        string? root = null;
        await using var outer = await bus.ServeAsync("outer", s => s.Endpoint<int, string>("ask", async (_, context) =>
        {
            root = context.RootId;
            return await bus.Contract<IUsers>().WhoAsync();
        })).Guard();

        var answer = await caller.CallAsync<int, string>("outer", "ask", 1, Patient).Guard();
        Assert.Equal($"server by outer > users.who, deadline some, root {root}", answer);
        Assert.StartsWith("caller by users.who, deadline some", await caller.Contract<IUsers>().WhoAsync().Guard());
    }

    [Fact]
    public async Task One_instance_can_be_called_and_headers_go_along()
    {
        var (one, two) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var first = await one.ServeAsync<IUsers>(new Users()).Guard();
        await using var second = await two.ServeAsync<IUsers>(new Users(), new ServiceOptions { Version = "9.9.9", Description = "another" }).Guard();
        // The contract says the version, who serves it what it is for.
        Assert.Equal("1.2.3", second.Version);
        Assert.Contains("another", await one.RequestAsync<string, string>($"$SRV.INFO.users.{second.Id}", "").Guard());

        var seen = new TaskCompletionSource<CallContext>(TaskCreationOptions.RunContinuationsAsynchronously);
        second.MethodExecuted += (_, e) => seen.TrySetResult(e.Context);
        await one.Contract<IUsers>(Patient with { Instance = second.Id, Headers = new BusHeaders { ["Tenant"] = "a" } }).ClearAsync(CancellationToken.None).AsTask().Guard();

        Assert.Equal("a", (await seen.Task.Guard()).Headers["Tenant"]);
        Assert.Equal(3, await one.Contract<IUsers>(Patient with { Instance = first.Id }).CountAsync().Guard());
        Assert.Equal(0, await one.Contract<IUsers>(Patient with { Instance = second.Id }).CountAsync().Guard());
    }
}

public sealed class LocalTypedTests : TypedContract<LocalBusFixture>;

public sealed class UnixTypedTests : TypedContract<UnixBusFixture>;

public sealed class TcpTypedTests : TypedContract<TcpBusFixture>;

public sealed class PipeTypedTests : TypedContract<PipeBusFixture>;
