using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Bus.Core.Calls;

/// <summary>
/// Helpers for calls of any kind: requests, deliveries, confirmed messages. Many at once, as few in flight as one likes, and again when they fail.
/// All members are thread-safe.
/// </summary>
/// <remarks>
/// A call that is made again may have been carried out before, if it failed with a timeout or a lost connection: retry what does no harm twice, or give it
/// a header <c>Nats-Msg-Id</c>, the same for each attempt, by which a responder knows it (<see cref="Client.SubscriptionOptions.DuplicateWindow"/>).
/// </remarks>
public static class BusCalls
{
    /// <summary>Makes a call, and makes it again while it fails with an error that may pass.</summary>
    /// <param name="call">The call. Its token is cancelled when the time is up.</param>
    /// <param name="options">Attempts, pauses, timeout, which errors. Default: 5 attempts within a minute, of errors that may pass (<see cref="RetryOptions.IsTransient"/>).</param>
    /// <param name="cancellationToken">Ends the call or the pause.</param>
    /// <returns>What the first call that succeeded returned.</returns>
    /// <exception cref="RetryTimeoutException">The time was up.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option makes no sense.</exception>
    /// <exception cref="Exception">The error of the last attempt, or the first one that is not worth another.</exception>
    public static Task<T> RetryAsync<T>(Func<CancellationToken, Task<T>> call, RetryOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return new Retrying(options ?? new RetryOptions()).CallAsync(call, cancellationToken);
    }

    /// <inheritdoc cref="RetryAsync{T}" />
    public static Task RetryAsync(Func<CancellationToken, Task> call, RetryOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        return RetryAsync(async token => { await call(token); return true; }, options, cancellationToken);
    }

    /// <summary>Makes a call for each item. Fails as soon as one of them has failed, and cancels the rest.</summary>
    /// <param name="items">What to call for.</param>
    /// <param name="call">The call. Its token is cancelled when another one has failed.</param>
    /// <param name="options">How many in flight, retries. Default: 16, none.</param>
    /// <param name="cancellationToken">Cancels all of them.</param>
    /// <returns>The results, in the order of the items.</returns>
    /// <exception cref="Exception">The error of the call that failed first. All calls have ended by then.</exception>
    public static async Task<IReadOnlyList<TResult>> AllAsync<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, CancellationToken, Task<TResult>> call, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(call);
        var all = items.ToList();
        var results = new TResult[all.Count];
        var (parallel, caller) = Prepare<TResult>(options, cancellationToken);
        await Parallel.ForEachAsync(all.Index(), parallel, async (entry, token) => results[entry.Index] = await caller(inner => call(entry.Item, inner), token));
        return results;
    }

    /// <summary>Makes a call for each item, and waits until each has succeeded or failed.</summary>
    /// <param name="items">What to call for.</param>
    /// <param name="call">The call.</param>
    /// <param name="options">How many in flight, retries. Default: 16, none.</param>
    /// <param name="cancellationToken">Cancels all of them; then this fails too.</param>
    /// <returns>Each result or error, in the order of the items.</returns>
    public static async Task<IReadOnlyList<CallOutcome<TItem, TResult>>> AllSettledAsync<TItem, TResult>(IEnumerable<TItem> items, Func<TItem, CancellationToken, Task<TResult>> call, CallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        var outcomes = await EachAsync(items.ToAsyncEnumerable(), call, options, cancellationToken).ToListAsync(cancellationToken);
        outcomes.Sort((a, b) => a.Index.CompareTo(b.Index));
        return outcomes;
    }

    /// <summary>
    /// Makes a call for each item of a stream, at most <see cref="CallOptions.MaxInFlight"/> at a time. Items are taken only as fast as calls end and their outcomes are
    /// taken. Ending the enumeration cancels the calls under way.
    /// </summary>
    /// <param name="items">What to call for. If it fails, so does this.</param>
    /// <param name="call">The call.</param>
    /// <param name="options">How many in flight, retries. Default: 16, none.</param>
    /// <param name="cancellationToken">Cancels all of them; then this fails too.</param>
    /// <returns>Each result or error, as soon as it is there.</returns>
    public static async IAsyncEnumerable<CallOutcome<TItem, TResult>> EachAsync<TItem, TResult>(IAsyncEnumerable<TItem> items, Func<TItem, CancellationToken, Task<TResult>> call, CallOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(call);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (parallel, caller) = Prepare<TResult>(options, ended.Token);
        var outcomes = Channel.CreateBounded<CallOutcome<TItem, TResult>>(parallel.MaxDegreeOfParallelism);
        var calls = CallAsync();
        try
        {
            await foreach (var outcome in outcomes.Reader.ReadAllAsync(CancellationToken.None)) yield return outcome;
            await calls;
        }
        finally
        {
            await ended.CancelAsync();
            await calls.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        async Task CallAsync()
        {
            try
            {
                await Parallel.ForEachAsync(items.Index(), parallel, async (entry, token) => await outcomes.Writer.WriteAsync(await SettleAsync(entry.Index, entry.Item, inner => call(entry.Item, inner), caller, token), token));
            }
            finally
            {
                outcomes.Writer.Complete();
            }
        }
    }

    private static async Task<CallOutcome<TItem, TResult>> SettleAsync<TItem, TResult>(int index, TItem item, Func<CancellationToken, Task<TResult>> call, Caller<TResult> caller, CancellationToken cancellationToken)
    {
        try
        {
            return new CallOutcome<TItem, TResult>(index, item, await caller(call, cancellationToken), error: null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new CallOutcome<TItem, TResult>(index, item, result: default, e);
        }
    }

    private static (ParallelOptions Parallel, Caller<T> Caller) Prepare<T>(CallOptions? options, CancellationToken cancellationToken)
    {
        options ??= new CallOptions();
        options.Validate();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.MaxInFlight, CancellationToken = cancellationToken };
        if (options.Retry is null) return (parallel, static (call, token) => call(token));
        return (parallel, new Retrying(options.Retry).CallAsync);
    }

    private delegate Task<T> Caller<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken);
}
