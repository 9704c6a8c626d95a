using System.Security.Cryptography;
using Bus.Core.Client;

namespace Bus.Cli.Demo.Workers;

/// <summary>Counts and hashes what arrives. Told to finish, it takes what is still on its way and reports.</summary>
internal sealed class SubscriberWorker(IBus bus, WorkerChannel channel, string filter, string? queue)
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _received;

    public async Task RunAsync()
    {
        await using var subscription = await bus.OpenSubscriptionAsync<ReadOnlyMemory<byte>>(filter, new() { Queue = queue }, channel.Token);
        var receiving = ReceiveAsync(subscription);
        WorkerChannel.Tell(new(WorkerEvent.Ready));
        await channel.ExpectAsync(WorkerChannel.Finish);
        // The publisher has flushed, so all is in our connection or behind it: a round trip of ours fetches the rest.
        await bus.FlushAsync(channel.Token);
        await subscription.DrainAsync(channel.Token);
        await receiving;
        WorkerChannel.Tell(new(WorkerEvent.Done, _received, Convert.ToHexString(_hash.GetCurrentHash())));
        await channel.ExpectAsync(WorkerChannel.Exit);
    }

    private async Task ReceiveAsync(ISubscription<ReadOnlyMemory<byte>> subscription)
    {
        await foreach (var message in subscription.WithCancellation(channel.Token))
        {
            _hash.AppendData(message.Payload.Span);
            _hash.AppendData("\n"u8);
            _received++;
        }
    }
}
