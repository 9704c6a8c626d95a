using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Rpc;

/// <summary>How a method of a service is called.</summary>
public sealed record ServiceCallOptions
{
    /// <summary>How long to wait for the answer, within what the call that it is made in has left. Default: null, as the bus has it, which is 5 seconds unless its options say otherwise.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Which instance of the service is to answer (<see cref="IBusService.Id"/>). Default: null, any one of them.</summary>
    public string? Instance { get; init; }

    /// <summary>Sent along with the request. Default: none.</summary>
    public BusHeaders? Headers { get; init; }

    /// <summary>Whether it does no harm when it is carried out although the answer is lost: see <see cref="RequestOptions.SafeToRetry"/>. Default: false.</summary>
    public bool SafeToRetry { get; init; }

    /// <summary>
    /// How old an answer may be that an earlier equal call of this bus has brought: more than zero and at most 365 days. If there is none, the call is made, for all equal calls
    /// that come meanwhile too, and its answer is kept for so long. For methods that only look something up. Default: null, the call is made, and its answer is not kept.
    /// </summary>
    public TimeSpan? CacheFor { get; init; }

    /// <summary>
    /// Of a client of a contract: how the methods are called whose calls are streams (<see cref="Contracts.ContractExtensions.Contract"/>), as far as these options do not say it.
    /// Elsewhere it means nothing. Default: null, 64 items and 1 MiB may wait, and a stream may be quiet for as long as it likes.
    /// </summary>
    public StreamCallOptions? Streams { get; init; }

    /// <summary>Whether it fails at once while there is no connection. Default: false, it waits for the connection within its timeout.</summary>
    public bool FailFast { get; init; }
}
