using System.Text.RegularExpressions;
using Bus.Core.Client;
using Bus.Core.Streams;

namespace Bus.Core.Rpc;

/// <summary>How a service is offered.</summary>
public sealed partial record ServiceOptions
{
    /// <summary>Its version, as semantic versioning has it. Default: 1.0.0.</summary>
    public string Version { get; init; } = "1.0.0";

    /// <summary>What it is for, for people. Default: nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>Anything else that others may want to know of it. Default: nothing.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// The queue group that the instances of the service share: each call goes to one of them. Default: <c>q</c>, as in the NATS services convention. All instances have to
    /// have the same.
    /// </summary>
    public string Queue { get; init; } = "q";

    /// <summary>
    /// Calls that this instance carries out at the same time. One that has come through the service before, and so may be what another waits for, is carried out beyond it.
    /// Default: 64.
    /// </summary>
    public int MaxConcurrency { get; init; } = 64;

    /// <summary>Calls that wait for their turn; one more is answered with <see cref="BusErrors.Overloaded"/>. Default: 1,024.</summary>
    public int MaxWaiting { get; init; } = 1024;

    /// <summary>How many services a call may have gone through, this one included; a deeper one is refused. Default: 100.</summary>
    public int MaxDepth { get; init; } = 100;

    /// <summary>How often a call may come through this service, as when it calls another that calls it back; beyond that it is a loop, and refused. Default: 10.</summary>
    public int MaxRepeats { get; init; } = 10;

    /// <summary>What runs around each call of a method, streams and routers included, outermost first: behind the rules of the service, in the context of the call. Default: nothing.</summary>
    public IReadOnlyList<BusMiddleware> Use { get; init; } = [];

    /// <summary>What a caller is told of an exception that a handler threw. Default: its message.</summary>
    public ErrorDetail ErrorDetail { get; init; }

    /// <summary>How long the answer to a call that is safe to repeat is remembered, so that it is not carried out twice by this instance. Default: 2 minutes.</summary>
    public TimeSpan DuplicateWindow { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The clock of deadlines and statistics.</summary>
    internal TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Checks that the values make sense.</summary>
    /// <exception cref="ArgumentException">One does not; the message names it and what is allowed.</exception>
    public void Validate()
    {
        if (Version is null || !SemanticVersion().IsMatch(Version)) throw new ArgumentException($"'{Version}' is no version: it has to be as in semantic versioning, such as 1.2.0.", nameof(Version));
        ArgumentNullException.ThrowIfNull(Description);
        ArgumentNullException.ThrowIfNull(Metadata);
        ArgumentNullException.ThrowIfNull(Use);
        ArgumentException.ThrowIfNullOrWhiteSpace(Queue);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrency, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxWaiting);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxDepth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxRepeats, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DuplicateWindow, TimeSpan.Zero);
        if (!Enum.IsDefined(ErrorDetail)) throw new ArgumentOutOfRangeException(nameof(ErrorDetail), ErrorDetail, $"Choose one of {string.Join(", ", Enum.GetNames<ErrorDetail>())}.");
    }

    // The official expression of semver.org.
    [GeneratedRegex(@"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SemanticVersion();
}

/// <summary>How a method of a service is offered.</summary>
public sealed record MethodOptions
{
    /// <summary>What it does, for people. Default: nothing.</summary>
    public string Description { get; init; } = "";

    /// <summary>Anything else that others may want to know of it, such as the schema of its request. Default: nothing.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>How long it may take at most, whatever time its caller gives. Default: null, as long as the caller waits.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Of a method to which callers send items: how many of them may wait to be read. Default: 64 items and 1 MiB.</summary>
    public StreamWindow Window { get; init; } = StreamWindow.Default;
}
