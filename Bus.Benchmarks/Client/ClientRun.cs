using System.Buffers.Binary;
using System.Diagnostics;
using Bus.Core.Client;
using Bus.Transport.Client;

namespace Bus.Benchmarks.Client;

/// <summary>The loads of the C# client. What stands opposite to it is a raw socket, so that the figure is the client's.</summary>
internal sealed class ClientRun(string address, int size, int window, CancellationToken cancellationToken)
{
    private string Url => address.StartsWith("unix:", StringComparison.Ordinal) ? $"unix://{address["unix:".Length..]}" : $"tcp://{address["tcp:".Length..]}";

    /// <summary>One call after the other, then a flush, which has all of them handed over.</summary>
    public async Task<string> PublishAsync(int count)
    {
        await using var bus = await BusClient.ConnectAsync(Url, cancellationToken: cancellationToken);
        ReadOnlyMemory<byte> payload = new byte[size];
        await bus.FlushAsync(cancellationToken);
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++) await bus.PublishAsync("bench.0", payload, cancellationToken: cancellationToken);
        await bus.FlushAsync(cancellationToken);
        return ClientReport.Rate(ClientCommand.Publish, count, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>An enumeration, fed by a raw publisher that is never more than a window ahead, as natsload's is.</summary>
    public async Task<string> SubscribeAsync(int count)
    {
        await using var bus = await BusClient.ConnectAsync(Url, cancellationToken: cancellationToken);
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
        await using var bus = await BusClient.ConnectAsync(Url, cancellationToken: cancellationToken);
        var microseconds = new double[count];
        var next = -1;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, window).Select(_ => CallAsync()));
        return ClientReport.Latency(ClientCommand.Request, Stopwatch.GetElapsedTime(start).TotalSeconds, microseconds);

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
}
