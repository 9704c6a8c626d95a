using Bus.Core.Client;

namespace Bus.Tests.Client;

/// <summary>Waits that fail instead of hanging.</summary>
internal static class Guarding
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static Task Guard(this Task task) => task.WaitAsync(Limit);

    public static Task<T> Guard<T>(this Task<T> task) => task.WaitAsync(Limit);

    /// <summary>The next messages of a subscription.</summary>
    public static async Task<List<BusMessage<T>>> TakeAsync<T>(this IAsyncEnumerable<BusMessage<T>> messages, int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        var taken = new List<BusMessage<T>>(count);
        if (count == 0) return taken;
        await foreach (var message in messages.WithCancellation(limit.Token))
        {
            taken.Add(message);
            if (taken.Count == count) break;
        }

        return taken;
    }

    public static async Task<List<T>> TakeDataAsync<T>(this IAsyncEnumerable<BusMessage<T>> messages, int count) => [.. (await messages.TakeAsync(count)).Select(m => m.Data)];
}
