using System.Threading.Channels;
using Bus.Core.Client;
using Bus.Core.Presence;

namespace Bus.Tests.Client;

/// <summary>Watches who comes and goes, from a point that is known: when it is there, it has been told of those who were here.</summary>
internal sealed class Watching : IAsyncDisposable
{
    private readonly Channel<PresenceEvent> _events = Channel.CreateUnbounded<PresenceEvent>();
    private readonly CancellationTokenSource _end = new();
    private readonly Task _reading;

    private Watching(IBus bus) => _reading = ReadAsync(bus);

    public static async Task<Watching> StartAsync(IBus bus)
    {
        var watching = new Watching(bus);
        await watching.NextAsync(PresenceKind.Join, bus.Name);
        return watching;
    }

    /// <summary>The next event of this kind about this client; others before it are skipped.</summary>
    public async Task<PresenceEvent> NextAsync(PresenceKind kind, string name)
    {
        while (true)
        {
            var happened = await _events.Reader.ReadAsync().AsTask().Guard();
            if (happened.Kind == kind && happened.Client.Name == name) return happened;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _reading.Guard();
        _end.Dispose();
    }

    private async Task ReadAsync(IBus bus)
    {
        try
        {
            await foreach (var happened in bus.WatchPresenceAsync(includePresent: true, _end.Token)) _events.Writer.TryWrite(happened);
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }

        _events.Writer.TryComplete();
    }
}
