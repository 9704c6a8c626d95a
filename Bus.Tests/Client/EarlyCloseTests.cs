using Bus.Core.Client;

namespace Bus.Tests.Client;

public sealed class EarlyCloseTests
{
    /// <summary>Many times, because it is a race: what is told to the bus when it has closed must find the dead letters looked after from the first moment.</summary>
    [Fact]
    public async Task A_bus_that_closes_while_it_starts_leaves_nobody_waiting()
    {
        for (var round = 0; round < 200; round++)
        {
            await using var fixture = new LocalBusFixture();
            await fixture.StartAsync();
            var bus = await fixture.ConnectAsync();
            var calls = new[] { bus.FlushAsync(), bus.OpenSubscriptionAsync<string>("x") };
            var closing = bus.DisposeAsync();
            foreach (var call in calls) Assert.True(await Record.ExceptionAsync(() => call.Guard()) is null or BusClosedException);
            await closing.AsTask().Guard();
        }
    }
}
