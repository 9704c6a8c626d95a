using Bus.Tests.Processes;

namespace Bus.Tests.Transport.Connections;

/// <summary>A thousand connections that say nothing must not cost a thousand buffers.</summary>
public sealed class IdleConnectionTests : IAsyncLifetime
{
    private readonly TestBus _bus = new();

    public Task InitializeAsync() => _bus.StartAsync();

    public Task DisposeAsync() => _bus.DisposeAsync().AsTask();

    [Fact]
    public async Task A_connection_that_says_nothing_holds_no_buffer_and_is_heard_when_it_speaks_again()
    {
        using var subscriber = await _bus.ConnectAsync();
        using var publisher = await _bus.ConnectAsync();
        await subscriber.FlushAsync("SUB idle 1\r\n");
        await Eventually.HoldsAsync(() => _bus.Slabs.Outstanding == 0, () => $"{_bus.Slabs.Outstanding} slabs are held by two idle connections.");

        await publisher.FlushAsync("PUB idle 5\r\nhello\r\n");
        await subscriber.TakeUntilAsync("MSG idle 1 5\r\nhello\r\n");
        await Eventually.HoldsAsync(() => _bus.Slabs.Outstanding == 0, () => $"{_bus.Slabs.Outstanding} slabs are held by two idle connections.");
    }
}
