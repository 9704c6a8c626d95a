using Bus.Core.Context;

namespace Bus.Core.Rpc;

/// <summary>What all methods whose calls are streams come down to.</summary>
internal delegate IAsyncEnumerable<TOut> StreamHandler<in TRequest, in TIn, out TOut>(TRequest request, IAsyncEnumerable<TIn> items, CallContext context);

/// <summary>Which way the items of a method go.</summary>
internal enum StreamKind
{
    /// <summary>To the caller.</summary>
    Answers,

    /// <summary>To the service.</summary>
    Upload,

    /// <summary>Both ways.</summary>
    Duplex,
}

internal static class StreamHandlers
{
    public static StreamHandler<TRequest, byte[], TItem> Answers<TRequest, TItem>(Func<TRequest, CallContext, IAsyncEnumerable<TItem>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return (request, _, context) => handler(request, context);
    }

    /// <summary>The answer of an upload is a stream of one item.</summary>
    public static StreamHandler<TRequest, TItem, TResponse> Upload<TRequest, TItem, TResponse>(Func<TRequest, IAsyncEnumerable<TItem>, CallContext, ValueTask<TResponse>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return AnswerAsync;

        async IAsyncEnumerable<TResponse> AnswerAsync(TRequest request, IAsyncEnumerable<TItem> items, CallContext context)
        {
            yield return await handler(request, items, context);
        }
    }

    public static StreamHandler<byte[], TItem, TResponse> Upload<TItem, TResponse>(Func<IAsyncEnumerable<TItem>, CallContext, ValueTask<TResponse>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Upload<byte[], TItem, TResponse>((_, items, context) => handler(items, context));
    }

    public static StreamHandler<TRequest, TIn, TOut> Duplex<TRequest, TIn, TOut>(Func<TRequest, IAsyncEnumerable<TIn>, CallContext, IAsyncEnumerable<TOut>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return (request, items, context) => handler(request, items, context);
    }

    public static StreamHandler<byte[], TIn, TOut> Duplex<TIn, TOut>(Func<IAsyncEnumerable<TIn>, CallContext, IAsyncEnumerable<TOut>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return (_, items, context) => handler(items, context);
    }
}
