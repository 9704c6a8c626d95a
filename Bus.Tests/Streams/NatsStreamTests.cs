using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Tests.Client;
using Bus.Tests.Interop.Tools;
using Bus.Transport.Client;

namespace Bus.Tests.Streams;

/// <summary>Streams over a nats-server, which tells nobody who leaves.</summary>
public sealed class NatsStreamTests(NatsServerProcess server) : IClassFixture<NatsServerProcess>
{
    private static readonly StreamCallOptions Patient = new() { Timeout = TimeSpan.FromMinutes(10) };

    [NatsServerTheory]
    [InlineData(1000)]
    public async Task Items_go_both_ways(int count)
    {
        await using var bus = await BusClient.ConnectAsync(server.Endpoint).Guard();
        await using var caller = await BusClient.ConnectAsync(server.Endpoint).Guard();
        await using var service = await bus.ServeAsync("echo", s => s.Duplex<int, int>("all", (items, _) => items)).Guard();

        Assert.Equal(Enumerable.Range(0, count), await caller.CallDuplexAsync<int, int>("echo", "all", AsyncEnumerable.Range(0, count), Patient).ToListAsync().AsTask().Guard());
    }

    [NatsServerTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_death_of_either_side_is_found(bool ofCaller)
    {
        var bus = await BusClient.ConnectAsync(server.Endpoint).Guard();
        var caller = await BusClient.ConnectAsync(server.Endpoint).Guard();
        await using var first = bus;
        await using var second = caller;
        var disposed = new TaskCompletionSource();
        await using var service = await bus.ServeAsync("hang", s => s.Stream<int, int>("on", (_, context) => HangAsync(context.CancellationToken))).Guard();
        await using var reading = caller.CallStreamAsync<int, int>("hang", "on", 0, Patient).GetAsyncEnumerator();
        Assert.True(await reading.MoveNextAsync().AsTask().Guard());

        await (ofCaller ? caller : bus).AbortAsync();

        if (ofCaller) await Assert.ThrowsAsync<BusClosedException>(() => reading.MoveNextAsync().AsTask().Guard());
        else await Assert.ThrowsAsync<ResponderLostException>(() => reading.MoveNextAsync().AsTask().Guard());
        await disposed.Task.Guard();

        async IAsyncEnumerable<int> HangAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            try
            {
                yield return 1;
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                disposed.TrySetResult();
            }
        }
    }
}
