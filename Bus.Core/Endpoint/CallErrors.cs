using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>What callers hear when services have ended a call, here or further on.</summary>
internal static class CallErrors
{
    /// <param name="topic">Where the request went.</param>
    /// <param name="error">What came back.</param>
    /// <param name="flow">What it was sent with.</param>
    /// <returns>Null: it is the responder's own error.</returns>
    public static BusException? Of(string topic, RemoteErrorException error, CallFlow flow) => !flow.IsCall ? null : error.Error switch
    {
        BusErrors.DeadlineExceeded => flow.OutOfTime(topic),
        BusErrors.DepthExceeded => new DepthExceededException(topic, error.Text),
        BusErrors.CallLoop => new CallLoopException(topic, error.Text),
        _ => null,
    };
}
