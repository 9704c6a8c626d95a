using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Rpc;

/// <summary>How long is looked for a service that nobody answers for.</summary>
public sealed class ServiceLookupTests : BusContract<LocalBusFixture>
{
    // So many that they would take longer than the guard, if each took the half second that a look-up may.
    private const int Calls = 65;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    /// <summary>Somebody subscribes as a service does, and never says what it offers.</summary>
    [Fact]
    public async Task No_longer_than_the_call_may_take()
    {
        var bus = await Fixture.ConnectAsync();
        await using var silent = await bus.OpenSubscriptionAsync<string>("$SRV.INFO.silent").Guard();

        var errors = await CallAsync(() => bus.CallAsync<int, int>("silent", "get", 1, new ServiceCallOptions { Timeout = Short })).Guard();

        Assert.All(errors, error => Assert.Contains(error, (string[])[BusErrors.NoResponders, BusErrors.Timeout]));
    }

    [Fact]
    public async Task No_longer_than_the_call_that_it_is_made_in_has_left_or_those_wait_that_share_its_answer()
    {
        var bus = await Fixture.ConnectAsync();
        await using var silent = await bus.OpenSubscriptionAsync<string>("$SRV.INFO.silent").Guard();
        await using var outer = await bus.ServeAsync("outer", s => s.Endpoint<int, int>("get", async (n, _) => await bus.CallAsync<int, int>("silent", "get", n))).Guard();

        await CallAsync(() => bus.CallAsync<int, int>("outer", "get", 1, new ServiceCallOptions { Timeout = Short })).Guard();
        await CallAsync(() => bus.CallAsync<int, int>("silent", "get", 1, new ServiceCallOptions { Timeout = Short, CacheFor = TimeSpan.FromHours(1) })).Guard();
    }

    [Fact]
    public async Task A_service_that_is_not_there_is_known_not_to_be_however_late_the_others_answer()
    {
        var bus = await Fixture.ConnectAsync();
        await using var silent = await bus.OpenSubscriptionAsync<string>("$SRV.INFO").Guard();

        var error = await Assert.ThrowsAsync<ServiceNotFoundException>(() => bus.CallAsync<int, int>("maths", "get", 1).Guard());

        Assert.Empty(error.Available);
    }

    private static async Task<List<string?>> CallAsync(Func<Task> call)
    {
        var errors = new List<string?>();
        for (var i = 0; i < Calls; i++) errors.Add((await Assert.ThrowsAnyAsync<BusException>(call)).Error);
        return errors;
    }
}
