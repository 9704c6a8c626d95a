using Bus.Core.Client;

namespace Bus.Core.Routes;

/// <summary>A handler answered a request that was answered already.</summary>
public sealed class AlreadySentException : BusException
{
    internal AlreadySentException(string what)
        : base($"The request {what} was answered already, and a request has one answer: look for a handler that goes on after it has answered, or ask {nameof(RouteResponse)}.{nameof(RouteResponse.IsSent)}.")
    {
    }
}

/// <summary>A handler called <see cref="RouteContext.NextAsync()"/> twice, or after it had ended.</summary>
public sealed class NextCalledTwiceException : BusException
{
    internal NextCalledTwiceException(string what, bool hasEnded)
        : base(hasEnded
            ? $"A handler of the request {what} called next after it had ended: await what it waits for."
            : $"A handler of the request {what} called next twice: what follows it runs once.")
    {
    }
}

/// <summary>A handler neither answered nor called next, so that nobody would ever answer.</summary>
public sealed class UnansweredException : BusException
{
    internal UnansweredException(string what)
        : base($"A handler of the request {what} ended without an answer and without calling next: it has to do one of them, and to await it.")
    {
    }
}
