namespace Bus.Core.Routes;

/// <summary>What a handler of a route gets: the request, the response, and the way to the next handler. Each call of a handler gets one of its own; request, response and items are shared.</summary>
public sealed class RouteContext
{
    // Stands for the rest that a handler did not call for.
    private static readonly Task Ended = Task.FromResult(true);

    private readonly RouteFlow _flow;
    private readonly Func<Exception?, Task> _next;
    private Task? _rest;

    internal RouteContext(RouteFlow flow, RouteRequest request, Func<Exception?, Task> next) => (_flow, Request, _next) = (flow, request, next);

    /// <summary>What was asked.</summary>
    public RouteRequest Request { get; }

    /// <summary>What is answered.</summary>
    public RouteResponse Response => _flow.Response;

    /// <summary>What handlers of one request leave for those behind them: who the caller is, say. Not thread-safe.</summary>
    public IDictionary<string, object?> Items => _flow.Items;

    /// <summary>Cancelled when nobody waits for the answer any more.</summary>
    public CancellationToken CancellationToken => _flow.CancellationToken;

    /// <summary>
    /// Runs what comes next, and is done when all of that is. Errors of it go to the error handlers and do not come out here. In an error handler: the error is
    /// dealt with, and what follows the handler that failed goes on.
    /// </summary>
    /// <exception cref="NextCalledTwiceException">It was called already, or the handler has ended.</exception>
    public ValueTask NextAsync() => GoOnAsync(null);

    /// <summary>Goes to the error handlers; in an error handler to the next one.</summary>
    /// <param name="error">What they get.</param>
    /// <exception cref="NextCalledTwiceException">Next was called already, or the handler has ended.</exception>
    public ValueTask NextAsync(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return GoOnAsync(error);
    }

    /// <summary>Runs a handler, and waits for what it has set going.</summary>
    /// <returns>What it threw.</returns>
    internal async Task<Exception?> RunAsync(Func<RouteContext, ValueTask> handler)
    {
        Exception? error = null;
        try
        {
            await handler(this);
        }
        catch (Exception e)
        {
            error = e;
        }

        var rest = Interlocked.CompareExchange(ref _rest, Ended, null);
        if (rest is null) return error ?? (Response.IsSent ? null : new UnansweredException(Request.ToString()));
        // It may have called next without waiting for it.
        await rest;
        return error;
    }

    private ValueTask GoOnAsync(Exception? error)
    {
        var rest = new TaskCompletionSource();
        var before = Interlocked.CompareExchange(ref _rest, rest.Task, null);
        return before is null ? RunRestAsync(rest, error) : throw new NextCalledTwiceException(Request.ToString(), hasEnded: before == Ended);
    }

    private async ValueTask RunRestAsync(TaskCompletionSource rest, Exception? error)
    {
        try
        {
            await _next(error);
        }
        finally
        {
            rest.SetResult();
        }
    }
}
