using System.Runtime.CompilerServices;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Contracts;

namespace Bus.Tests.Contracts;

/// <summary>One of each shape that a method with streams may have.</summary>
[BusContract("feed")]
public partial interface IFeed
{
    IAsyncEnumerable<int> CountAsync(int from, CancellationToken cancellationToken = default);

    IAsyncEnumerable<string> FollowAsync(string name, int last = 2, CallContext? context = null);

    IAsyncEnumerable<byte[]> AllAsync();

    Task<long> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken = default);

    ValueTask StoreAsync(string name, IAsyncEnumerable<byte[]> pieces, bool isNew = true);

    IAsyncEnumerable<string> NameAsync(IAsyncEnumerable<int> numbers, string prefix);

    [BusMethod(TimeoutMs = 100, Description = "takes its time")]
    IAsyncEnumerable<int> HangAsync(CancellationToken cancellationToken = default);
}

/// <summary>Knows nothing of the bus. Tells what becomes of its enumerations.</summary>
internal sealed class Feed : IFeed
{
    private int _made;

    /// <summary>Set when an endless enumeration has ended.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What the enumeration of a caller's items has ended with.</summary>
    public TaskCompletionSource<Exception> Failed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Made => Volatile.Read(ref _made);

    public List<string> Stored { get; } = [];

    public async IAsyncEnumerable<int> CountAsync(int from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (var n = from; ; n++)
            {
                await Task.Yield();
                cancellationToken.ThrowIfCancellationRequested();
                if (n < 0) throw new RemoteErrorException("Below nothing.", 409, "below-nothing");
                Interlocked.Increment(ref _made);
                yield return n;
                if (n == 3) throw new InvalidOperationException("Three is enough.");
            }
        }
        finally
        {
            Ended.TrySetResult();
        }
    }

    public IAsyncEnumerable<string> FollowAsync(string name, int last = 2, CallContext? context = null) => AsyncEnumerable.Range(1, last).Select(n => $"{name} {n} for {context!.Method}");

    public IAsyncEnumerable<byte[]> AllAsync() => AsyncEnumerable.Range(1, 3).Select(n => new byte[n]);

    public async Task<long> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken = default)
    {
        var sum = 0L;
        try
        {
            await foreach (var number in numbers.WithCancellation(cancellationToken)) sum += number;
            return sum;
        }
        catch (Exception e)
        {
            Failed.TrySetResult(e);
            throw;
        }
    }

    public async ValueTask StoreAsync(string name, IAsyncEnumerable<byte[]> pieces, bool isNew = true) => Stored.Add($"{name}: {await pieces.Select(piece => piece.Length).SumAsync()} ({isNew})");

    public IAsyncEnumerable<string> NameAsync(IAsyncEnumerable<int> numbers, string prefix) => numbers.Select(number => $"{prefix}{number}");

    public async IAsyncEnumerable<int> HangAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return 1;
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }
}
