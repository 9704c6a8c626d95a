using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Rpc;

/// <summary>Which services are on the bus.</summary>
public abstract class ServiceDirectoryContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task Each_instance_is_listed_with_what_it_offers_and_has_done()
    {
        var (alice, bob) = (await Fixture.ConnectAsync("alice"), await Fixture.ConnectAsync("bob"));
        Assert.Empty(await bob.GetServicesAsync().Guard());
        await using var maths = await alice.ServeAsync("maths", s => s.Endpoint<int, int>("double", (n, _) => n > 0 ? 2 * n : throw new InvalidOperationException("too small"), new MethodOptions { Description = "twice" }), new ServiceOptions { Version = "2.0.0", Description = "numbers" }).Guard();
        await using var other = await bob.ServeAsync("maths").Guard();
        await using var users = await bob.ServeAsync("users").Guard();
        await bob.CallAsync<int, int>("maths", "double", 1, new ServiceCallOptions { Instance = maths.Id }).Guard();
        await Assert.ThrowsAsync<RemoteErrorException>(() => bob.CallAsync<int, int>("maths", "double", 0, new ServiceCallOptions { Instance = maths.Id }).Guard());

        var all = await bob.GetServicesAsync().Guard();
        Assert.Equal(["maths", "maths", "users"], all.Select(service => service.Name));
        var found = (await alice.GetServicesAsync("maths").Guard()).Single(service => service.Id == maths.Id);
        Assert.Equal(("2.0.0", "numbers", "alice"), (found.Version, found.Description, found.Client));
        Assert.True(found.LastHeard >= found.Since);
        var method = Assert.Single(found.Endpoints);
        Assert.Equal(("double", "maths.double", "q", 2, 1, "too small"), (method.Name, method.Topic, method.Queue, method.Requests, method.Errors, method.LastError));
        Assert.Equal("twice", method.Metadata!["description"]);
        Assert.True(method.AverageMs > 0);

        await maths.AddAsync<int, int>("half", (n, _) => new(n / 2)).Guard();
        Assert.Equal(["double", "half"], (await bob.GetServicesAsync("maths").Guard()).Single(service => service.Id == maths.Id).Endpoints.Select(endpoint => endpoint.Name));
        Assert.Empty(await bob.GetServicesAsync("others").Guard());
    }

    [Fact]
    public async Task Others_hear_of_it_when_one_comes_and_when_it_is_gone()
    {
        var (alice, bob) = (await Fixture.ConnectAsync("alice"), await Fixture.ConnectAsync("bob"));
        await using var events = bob.WatchServicesAsync().GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        await bob.FlushAsync().Guard();
        var first = await alice.ServeAsync("maths", s => s.Endpoint<int, int>("double", (n, _) => 2 * n)).Guard();

        Assert.True(await next.Guard());
        Assert.Equal((true, first.Id, "alice", "double"), (events.Current.IsUp, events.Current.Service.Id, events.Current.Service.Client, events.Current.Service.Endpoints[0].Name));
        await first.DisposeAsync();
        Assert.True(await events.MoveNextAsync().AsTask().Guard());
        Assert.Equal((false, first.Id), (events.Current.IsUp, events.Current.Service.Id));

        var second = await alice.ServeAsync("maths").Guard();
        Assert.True(await events.MoveNextAsync().AsTask().Guard());
        Assert.Equal((true, second.Id), (events.Current.IsUp, events.Current.Service.Id));
        // It dies.
        await alice.AbortAsync();
        Assert.True(await events.MoveNextAsync().AsTask().Guard());
        Assert.Equal((false, second.Id), (events.Current.IsUp, events.Current.Service.Id));
        Assert.Empty(await bob.GetServicesAsync().Guard());
    }

    /// <summary>A process that has just been started may need longer for its first answer than a list waits for it.</summary>
    [Fact]
    public async Task Others_hear_of_one_with_all_that_it_offers_however_long_its_answer_takes()
    {
        var (alice, bob) = (await Fixture.ConnectAsync("alice"), await Fixture.ConnectAsync("bob"));
        await using var events = bob.WatchServicesAsync().GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        await bob.FlushAsync().Guard();
        var answer = new TaskCompletionSource();
        await using var slow = await alice.OpenSubscriptionAsync<string>("$SRV.INFO.slow.1", async (message, token) =>
        {
            await answer.Task;
            await message.ReplyAsync("""{"type":"io.nats.micro.v1.info_response","name":"slow","id":"1","version":"1.2.3"}""", headers: null, token);
        }, options: null).Guard();

        // It is there already, and what it is to offer is not known.
        Assert.Null(Assert.Single(await bob.GetServicesAsync().Guard()).Version);
        Assert.False(next.IsCompleted);
        answer.SetResult();

        Assert.True(await next.Guard());
        Assert.Equal((true, "slow", "1.2.3", "alice"), (events.Current.IsUp, events.Current.Service.Name, events.Current.Service.Version, events.Current.Service.Client));
    }

    /// <summary>As after a reconnect of which the bus learns before it learns that the first connection is gone.</summary>
    [Fact]
    public async Task One_that_comes_back_by_another_connection_is_asked_there()
    {
        var (alice, again, bob) = (await Fixture.ConnectAsync("alice"), await Fixture.ConnectAsync("again"), await Fixture.ConnectAsync("bob"));
        await using var events = bob.WatchServicesAsync().GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        await bob.FlushAsync().Guard();
        await using var first = await OfferAsync(alice, "1.0.0");
        Assert.True(await next.Guard());
        Assert.Equal((true, "alice", "1.0.0"), (events.Current.IsUp, events.Current.Service.Client, events.Current.Service.Version));
        await using var second = await OfferAsync(again, "2.0.0");
        await alice.AbortAsync();

        Assert.True(await events.MoveNextAsync().AsTask().Guard());
        Assert.Equal((false, "alice"), (events.Current.IsUp, events.Current.Service.Client));
        Assert.True(await events.MoveNextAsync().AsTask().Guard());
        Assert.Equal((true, "again", "2.0.0"), (events.Current.IsUp, events.Current.Service.Client, events.Current.Service.Version));

        static Task<ISubscription> OfferAsync(IBus bus, string version) => bus.OpenSubscriptionAsync<string>("$SRV.INFO.maths.1", async (message, token) =>
            await message.ReplyAsync($$"""{"type":"io.nats.micro.v1.info_response","name":"maths","id":"1","version":"{{version}}"}""", headers: null, token), options: null).Guard();
    }

    /// <summary>Such as a tool that shows what one instance says.</summary>
    [Fact]
    public async Task Who_only_listens_to_one_neither_keeps_it_when_it_has_gone_nor_keeps_it_from_coming_back()
    {
        var (alice, bob) = (await Fixture.ConnectAsync("alice"), await Fixture.ConnectAsync("bob"));
        await using var events = bob.WatchServicesAsync().GetAsyncEnumerator();
        var next = events.MoveNextAsync().AsTask();
        await bob.FlushAsync().Guard();
        await using var first = await OfferAsync(alice);
        Assert.True(await next.Guard());
        await using var listener = await bob.OpenSubscriptionAsync<string>("$SRV.INFO.users.1").Guard();

        await alice.AbortAsync();
        Assert.True(await events.MoveNextAsync().AsTask().Guard());
        Assert.Equal((false, "alice"), (events.Current.IsUp, events.Current.Service.Client));
        Assert.Empty(await bob.GetServicesAsync().Guard());

        await using var second = await OfferAsync(await Fixture.ConnectAsync("alice-again"));
        Assert.True(await events.MoveNextAsync().AsTask().Guard());
        Assert.Equal((true, "alice-again", "1.2.3"), (events.Current.IsUp, events.Current.Service.Client, events.Current.Service.Version));
        Assert.Equal("alice-again", Assert.Single(await bob.GetServicesAsync().Guard()).Client);

        static Task<ISubscription> OfferAsync(IBus bus) => bus.OpenSubscriptionAsync<string>(["$SRV.INFO.users.1", "$SRV.STATS.users.1"], async (message, token) =>
        {
            var kind = message.Topic.StartsWith("$SRV.INFO", StringComparison.Ordinal) ? "info" : "stats";
            await message.ReplyAsync($$"""{"type":"io.nats.micro.v1.{{kind}}_response","name":"users","id":"1","version":"1.2.3","endpoints":[]}""", headers: null, token);
        }).Guard();
    }

    /// <summary>Somebody subscribes as a service does, and never says who it is.</summary>
    [Fact]
    public async Task One_that_does_not_answer_is_listed_without_what_it_offers()
    {
        var (alice, bob) = (await Fixture.ConnectAsync("alice"), await Fixture.ConnectAsync("bob"));
        await using var silent = await alice.OpenSubscriptionAsync<string>("$SRV.INFO.silent.1").Guard();
        // Answers of others do not count.
        await using var forger = await bob.OpenSubscriptionAsync<string>("$SRV.STATS.silent.1", async (message, token) => await message.ReplyAsync("""{"type":"io.nats.micro.v1.info_response","name":"silent","id":"1","version":"6.6.6"}""", headers: null, token), options: null).Guard();

        var found = Assert.Single(await bob.GetServicesAsync().Guard());

        Assert.Equal(("silent", "1", "alice", null, null), (found.Name, found.Id, found.Client, found.Version, found.LastHeard));
    }

    [Fact]
    public async Task What_exists_is_told_with_what_does_not()
    {
        var (alice, bob) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var none = await Assert.ThrowsAsync<ServiceNotFoundException>(() => bob.CallAsync<int, int>("maths", "double", 1).Guard());
        Assert.Empty(none.Available);
        await using var maths = await alice.ServeAsync("maths", s => s.Endpoint<int, int>("double", (n, _) => 2 * n).Endpoint<int, int>("add", (n, _) => n)).Guard();

        var service = await Assert.ThrowsAsync<ServiceNotFoundException>(() => bob.CallAsync<int, int>("math", "double", 1).Guard());
        Assert.Equal((BusErrors.ServiceNotFound, "No service 'math' is on the bus: start it, or check the name. There are: maths."), (service.Error, service.Message));
        var method = await Assert.ThrowsAsync<MethodNotFoundException>(() => bob.CallAsync<int, int>("maths", "dobule", 1).Guard());
        Assert.Equal((BusErrors.MethodNotFound, "The service 'maths' has no method 'dobule'. There are: add, double."), (method.Error, method.Message));
    }

    /// <summary>As when its process has just been started, and its first answer has to be compiled.</summary>
    [Fact]
    public async Task What_a_slow_service_has_is_told_as_long_as_the_call_has_time()
    {
        var (alice, bob) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var asked = 0;
        await using var slow = await alice.OpenSubscriptionAsync<string>("$SRV.INFO.maths", async (message, token) =>
        {
            // The first question is never answered: whoever asks has to ask again.
            if (Interlocked.Increment(ref asked) > 1) await message.ReplyAsync("""{"type":"io.nats.micro.v1.info_response","name":"maths","id":"1","version":"1.0.0","endpoints":[{"name":"add","subject":"maths.add"}]}""", headers: null, token);
        }, options: null).Guard();

        var error = await Assert.ThrowsAsync<MethodNotFoundException>(() => bob.CallAsync<int, int>("maths", "dobule", 1, new ServiceCallOptions { Timeout = TimeSpan.FromHours(1) }).Guard());
        Assert.Equal(["add"], error.Available);
    }

    [Fact]
    public async Task A_client_with_the_announced_methods_calls_those_and_no_others()
    {
        var (alice, bob) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var maths = await alice.ServeAsync("maths", s => s.Endpoint<int, int>("double", (n, _) => 2 * n, new MethodOptions { Description = "twice" }).Endpoint<int, string>("who", (_, _) => "alice")).Guard();
        await using var other = await bob.ServeAsync("maths", s => s.Endpoint<int, string>("who", (_, _) => "bob").Endpoint<int, int>("half", (n, _) => n / 2)).Guard();

        var remote = await bob.ServiceAsync("maths").Guard();
        Assert.Equal([("double", "twice"), ("half", ""), ("who", "")], remote.Methods.Select(method => (method.Name, method.Description)));
        Assert.Equal(42, await remote.CallAsync<int, int>("double", 21).Guard());
        var half = remote.Method<int, int>("half");
        Assert.Equal(21, await half(42, CancellationToken.None).Guard());

        var one = await bob.ServiceAsync("maths", new ServiceCallOptions { Instance = maths.Id }).Guard();
        Assert.Equal(["double", "who"], one.Methods.Select(method => method.Name));
        Assert.Equal("alice", await one.CallAsync<int, string>("who", 0).Guard());

        await maths.AddAsync<int, int>("square", (n, _) => new(n * n)).Guard();
        Assert.Throws<MethodNotFoundException>(() => remote.Method<int, int>("square"));
        Assert.Equal(49, await (await bob.ServiceAsync("maths").Guard()).CallAsync<int, int>("square", 7).Guard());
        await maths.RemoveAsync("double").Guard();
        await Assert.ThrowsAsync<MethodNotFoundException>(() => remote.CallAsync<int, int>("double", 1).Guard());

        // Nothing is sent: there is nobody any more to whom it could be.
        await bob.DisposeAsync();
        var error = await Assert.ThrowsAsync<MethodNotFoundException>(() => remote.CallAsync<int, int>("dobule", 1).Guard());
        Assert.Equal((BusErrors.MethodNotFound, "The service 'maths' has no method 'dobule'. There are: double, half, who."), (error.Error, error.Message));
    }

    [Fact]
    public async Task A_client_of_a_service_that_is_not_there_is_refused_with_those_that_are()
    {
        var bus = await Fixture.ConnectAsync();
        await using var maths = await bus.ServeAsync("maths").Guard();
        Assert.Equal(["maths"], (await Assert.ThrowsAsync<ServiceNotFoundException>(() => bus.ServiceAsync("math").Guard())).Available);
        Assert.Contains("math (instance 1)", (await Assert.ThrowsAsync<ServiceNotFoundException>(() => bus.ServiceAsync("math", new ServiceCallOptions { Instance = "1" }).Guard())).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => bus.ServiceAsync("m.*").Guard());
        await Assert.ThrowsAsync<ArgumentException>(() => bus.ServiceAsync("maths", new ServiceCallOptions { Instance = ">" }).Guard());
    }
}

public sealed class LocalServiceDirectoryTests : ServiceDirectoryContract<LocalBusFixture>;

public sealed class UnixServiceDirectoryTests : ServiceDirectoryContract<UnixBusFixture>;

public sealed class TcpServiceDirectoryTests : ServiceDirectoryContract<TcpBusFixture>;

public sealed class PipeServiceDirectoryTests : ServiceDirectoryContract<PipeBusFixture>;
