using System.Runtime.CompilerServices;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Streams;

/// <summary>What the suites about streams share: two participants, and senders that tell when they have begun and ended.</summary>
public abstract class StreamSuite<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    protected static readonly StreamCallOptions Patient = new() { Timeout = TimeSpan.FromMinutes(10) };

    /// <summary>The one who offers services.</summary>
    protected IBus Bus { get; private set; } = null!;

    /// <summary>The one who calls them.</summary>
    protected IBus Caller { get; private set; } = null!;

    /// <summary>Set when a sender was asked for something.</summary>
    protected TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Set when the enumeration of a sender was disposed.</summary>
    protected TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected static async Task<(int, string?)> ErrorOf(Task reading)
    {
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => reading.Guard());
        return (error.Code, error.Error);
    }

    protected Task<IBusService> ServeEndlessAsync() => Bus.ServeAsync("endless", s => s.Stream<int, int>("count", (_, _) => EndlessAsync())).Guard();

    /// <summary>One item, and then nothing until it is cancelled.</summary>
    protected Task<IBusService> ServeHangingAsync(MethodOptions? options = null, ServiceOptions? service = null)
    {
        return Bus.ServeAsync("hanging", s => s.Stream<int, int>("stream", (_, context) => HangAsync(context), options), service).Guard();

        async IAsyncEnumerable<int> HangAsync(CallContext context, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            try
            {
                yield return 1;
                Begun.TrySetResult();
                Assert.Same(context, CallContext.Current);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            }
            finally
            {
                Disposed.TrySetResult();
            }
        }
    }

    protected async IAsyncEnumerable<int> EndlessAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (var n = 0; ; n++)
            {
                Begun.TrySetResult();
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                yield return n;
            }
        }
        finally
        {
            Disposed.TrySetResult();
        }
    }

    protected async Task ConnectAsync() => (Bus, Caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
}
