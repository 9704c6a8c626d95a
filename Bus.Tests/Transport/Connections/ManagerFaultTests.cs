namespace Bus.Tests.Transport.Connections;

public sealed class ManagerFaultTests
{
    [Fact]
    public async Task A_fault_of_the_connection_manager_ends_no_connection()
    {
        await using var bus = new TestBus();
        await bus.StartAsync();
        using var client = await bus.ConnectAsync();
        await client.FlushAsync("SUB a 1\r\n");

        bus.Connections.Tell(Kill.Instance, ActorRefs.NoSender);
        using var next = await bus.ConnectAsync();
        await next.FlushAsync("PUB a 1\r\nx\r\n");

        Assert.Equal("MSG a 1 1\r\nx\r\n", await client.FlushAsync());
        client.Dispose();
        next.Dispose();
        await bus.NothingLeftAsync();
    }
}
