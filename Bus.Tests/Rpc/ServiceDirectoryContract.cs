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
}

public sealed class LocalServiceDirectoryTests : ServiceDirectoryContract<LocalBusFixture>;

public sealed class UnixServiceDirectoryTests : ServiceDirectoryContract<UnixBusFixture>;

public sealed class TcpServiceDirectoryTests : ServiceDirectoryContract<TcpBusFixture>;

public sealed class PipeServiceDirectoryTests : ServiceDirectoryContract<PipeBusFixture>;
