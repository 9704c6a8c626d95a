using System.Text;
using System.Threading.Channels;
using Bus.Core.Messages;

namespace Bus.Tests.Core.Topics;

/// <summary>Takes deliveries as a connection does: copies the payloads, then disposes. Can be made to fail when it is told.</summary>
internal sealed class Recipient : TestRef
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private readonly Channel<string> _payloads = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _fence = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failures;

    /// <summary>How many of the next Tells throw.</summary>
    public int Failures
    {
        init => _failures = value;
    }

    public async Task<IReadOnlyList<string>> TakeAsync(int count)
    {
        using var timeout = new CancellationTokenSource(Guard);
        var payloads = new List<string>();
        while (payloads.Count < count) payloads.Add(await _payloads.Reader.ReadAsync(timeout.Token));
        return payloads;
    }

    public Task FenceAsync() => _fence.Task.WaitAsync(Guard);

    protected override void TellInternal(object message, IActorRef sender)
    {
        if (Interlocked.Decrement(ref _failures) >= 0) throw new InvalidOperationException("This recipient is broken.");
        if (message is Fence) _fence.TrySetResult();
        if (message is not Delivery delivery) return;
        for (var n = 0; n < delivery.Count; n++) _payloads.Writer.TryWrite(Encoding.UTF8.GetString(delivery.Batch.Payload(delivery[n])));
        delivery.Dispose();
    }
}
