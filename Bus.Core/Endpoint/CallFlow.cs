using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>What a request takes along of the call that it is made in, and what that leaves it of its time.</summary>
internal readonly struct CallFlow
{
    private CallFlow(BusHeaders? headers, TimeSpan timeout, bool isCall, bool isLimited, CancellationToken cancellation) => (Headers, Timeout, IsCall, IsLimited, Cancellation) = (headers, timeout, isCall, isLimited, cancellation);

    public BusHeaders? Headers { get; }

    /// <summary>How long to wait: the time that the request was given, or what is left of the call.</summary>
    public TimeSpan Timeout { get; }

    /// <summary>Whether it is the call of a service, or made in one.</summary>
    public bool IsCall { get; }

    /// <summary>Whether the call that it is made in leaves less time than the request was given.</summary>
    public bool IsLimited { get; }

    /// <summary>Cancelled when nobody waits for the call that it is made in.</summary>
    public CancellationToken Cancellation { get; }

    /// <param name="options">Of the request.</param>
    /// <param name="timeout">The time it was given.</param>
    /// <param name="topic">Where to.</param>
    /// <param name="caller">Who sends it.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="DeadlineExceededException">The call that it is made in has no time left.</exception>
    public static CallFlow Of(RequestOptions? options, TimeSpan timeout, string topic, string caller, TimeProvider time)
    {
        var context = CallContext.Current;
        if (context is null && options?.CallId is null) return new CallFlow(options?.Headers, timeout, isCall: false, isLimited: false, default);
        var left = context?.Remaining;
        if (left == TimeSpan.Zero) throw new DeadlineExceededException(topic, $"nothing was sent, for the call that it is made in ({context}) had no time left.");
        var isLimited = left is not null && (timeout == System.Threading.Timeout.InfiniteTimeSpan || left < timeout);
        if (isLimited) timeout = left!.Value;
        var deadline = isLimited ? context!.Deadline : timeout == System.Threading.Timeout.InfiniteTimeSpan ? null : time.GetUtcNow() + timeout;
        var headers = CallContext.Write(options?.Headers, deadline);
        if (options?.CallId is { } id) (headers[CallHeaders.Call], headers[CallHeaders.Caller]) = (id, caller);
        return new CallFlow(headers, timeout, isCall: true, isLimited, context?.CancellationToken ?? default);
    }

    /// <summary>What to throw when there was no answer in time, here or further on.</summary>
    public BusException OutOfTime(string topic) => IsLimited
        ? new DeadlineExceededException(topic, $"the call that it was made in left {Timeout.TotalSeconds:0.###} s for it, and no answer came.")
        : new RequestTimeoutException(topic, Timeout);
}
