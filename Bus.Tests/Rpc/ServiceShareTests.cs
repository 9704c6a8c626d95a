using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Rpc;

public sealed class ServiceShareTests : BusContract<LocalBusFixture>
{
    [Fact]
    public async Task One_client_cannot_take_the_places_of_all_services()
    {
        var (alice, bob) = (await Fixture.ConnectAsync("alice"), await Fixture.ConnectAsync("bob"));
        TopicFilters pretended = [.. Enumerable.Range(0, 10_000).Select(n => string.Create(CultureInfo.InvariantCulture, $"$SRV.INFO.pretended.{n}"))];
        await using var silent = await alice.OpenSubscriptionAsync<string>(pretended, (_, _) => default).Guard();

        await using var service = await bob.ServeAsync("users").Guard();

        Assert.Equal("bob", Assert.Single(await alice.GetServicesAsync("users").Guard()).Client);
    }
}
