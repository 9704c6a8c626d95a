using Bus.Core.Client;

namespace Bus.Cli.Demo.Workers;

/// <summary>A service that counts words. On a second topic it takes requests and never answers: they are in flight when it is killed.</summary>
internal sealed class ServiceWorker(IBus bus, WorkerChannel channel)
{
    public const string Words = "demo.words";
    public const string Hold = "demo.hold";

    public async Task RunAsync()
    {
        await using var words = await bus.RespondAsync<string, string>(Words, (text, _, _) => new(CountWords(text)), cancellationToken: channel.Token);
        await using var hold = await bus.OpenSubscriptionAsync<string>(Hold, OnHoldAsync, cancellationToken: channel.Token);
        WorkerChannel.Tell(new(WorkerEvent.Ready));
        await channel.ExpectAsync(WorkerChannel.Exit);
    }

    public static string CountWords(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length.ToString();

    private static ValueTask OnHoldAsync(BusMessage<string> request, CancellationToken cancellationToken)
    {
        WorkerChannel.Tell(new(WorkerEvent.Holding));
        return ValueTask.CompletedTask;
    }
}
