using System.Buffers.Binary;
using System.Diagnostics;
using Bus.Core.Client;
using Bus.Transport.Client;

namespace Bus.Benchmarks.Client;

/// <summary>The loads of the C# client. What stands opposite to it is a raw socket, so that the figure is the client's.</summary>
internal sealed class ClientRun(string address, int size, int window, CancellationToken cancellationToken)
{
    // With four sockets it is not on that of the requests.
    private const string Large = "large";

    /// <summary>Sockets of the client.</summary>
    public int Connections { get; init; } = 1;

    /// <summary>Topics that are published to, in turn.</summary>
    public int Topics { get; init; } = 1;

    /// <summary>Bytes of a message that is published over and over beside the requests. 0: none.</summary>
    public int Beside { get; init; }

    private string Url => address.StartsWith("unix:", StringComparison.Ordinal) ? $"unix://{address["unix:".Length..]}" : $"tcp://{address["tcp:".Length..]}";

    /// <summary>One call after the other, then a flush, which has all of them handed over.</summary>
    public async Task<string> PublishAsync(int count)
    {
        await using var bus = await ConnectAsync();
        ReadOnlyMemory<byte> payload = new byte[size];
        string[] topics = [.. Enumerable.Range(0, Topics).Select(n => $"bench.{n}")];
        await bus.FlushAsync(cancellationToken);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++) await bus.PublishAsync(topics[i % topics.Length], payload, cancellationToken: cancellationToken);
        await bus.FlushAsync(cancellationToken);
        return ClientReport.Rate(ClientCommand.Publish, count, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>An enumeration, fed by a raw publisher that is never more than a window ahead, as natsload's is.</summary>
    public async Task<string> SubscribeAsync(int count)
    {
        await using var bus = await ConnectAsync();
        await using var subscription = await bus.OpenSubscriptionAsync<ReadOnlyMemory<byte>>("bench.0", new SubscriptionOptions { MaxMessages = count }, cancellationToken);
        using var publisher = new WindowedPublisher(RawClient.Endpoint(address), size, count);
        var start = Stopwatch.GetTimestamp();
        publisher.Start();
        long received = 0, last = 0, doubled = 0, reordered = 0;
        await foreach (var message in subscription.WithCancellation(cancellationToken))
        {
            var sequence = BinaryPrimitives.ReadInt64LittleEndian(message.Payload.Span);
            if (sequence == last) doubled++;
            else if (sequence < last) reordered++;
            last = sequence;
            publisher.Received(++received);
            if (received == count) break;
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return ClientReport.Rate(ClientCommand.Subscribe, count, seconds, count - received, doubled, reordered);
    }

    /// <summary>So many callers as the window is wide, each waiting for its reply before it sends the next request.</summary>
    public async Task<string> RequestAsync(int count)
    {
        using var responder = new RawResponder(RawClient.Endpoint(address), "bench.svc");
        await using var bus = await ConnectAsync();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var beside = Beside == 0 ? Task.CompletedTask : PublishBesideAsync(bus, end.Token);
        var microseconds = new double[count];
        var next = -1;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, window).Select(_ => CallAsync()));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        await end.CancelAsync();
        await beside;
        return ClientReport.Latency(ClientCommand.Request, seconds, microseconds);

        async Task CallAsync()
        {
            ReadOnlyMemory<byte> payload = new byte[size];
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                var sent = Stopwatch.GetTimestamp();
                var reply = await bus.RequestAsync<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>("bench.svc", payload, cancellationToken: cancellationToken);
                if (reply.Length != size) throw new InvalidOperationException($"The reply has {reply.Length} bytes instead of {size}.");
                microseconds[i] = Stopwatch.GetElapsedTime(sent).TotalMicroseconds;
            }
        }
    }

    private Task<IBus> ConnectAsync() => BusClient.ConnectAsync(Url, new BusClientOptions { Connections = Connections }, cancellationToken);

    /// <summary>As fast as there is room, to somebody who reads it.</summary>
    private async Task PublishBesideAsync(IBus bus, CancellationToken end)
    {
        await using var reader = await BusClient.ConnectAsync(Url, cancellationToken: end);
        await using var subscription = await reader.OpenSubscriptionAsync<ReadOnlyMemory<byte>>(Large, static (_, _) => default, cancellationToken: end);
        ReadOnlyMemory<byte> payload = new byte[Beside];
        await Task.Yield();
        while (!end.IsCancellationRequested) await bus.PublishAsync(Large, payload, cancellationToken: CancellationToken.None);
    }
}
