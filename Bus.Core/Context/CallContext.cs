using System.Diagnostics;
using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Context;

/// <summary>
/// One call of a service while it is carried out: who called, through which services, and how much time is left. It flows with the execution context from the handler into
/// everything that it awaits, so that nested calls carry it on by themselves, however many calls run at the same time. Thread-safe.
/// </summary>
public sealed class CallContext
{
    private static readonly AsyncLocal<CallContext?> Local = new();

    private readonly TimeProvider _time;
    private readonly string? _traceParent;
    private readonly string? _traceState;

    /// <param name="service">The service that was called.</param>
    /// <param name="method">Its method.</param>
    /// <param name="message">The request.</param>
    /// <param name="bus">The bus that it came from.</param>
    /// <param name="time">The clock of the deadline.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits for the answer any more.</param>
    internal CallContext(string service, string method, BusMessage message, IBus bus, TimeProvider time, CancellationToken cancellationToken)
    {
        (Service, Method, Message, Bus, _time, CancellationToken) = (service, method, message, bus, time, cancellationToken);
        var headers = message.HasHeaders ? message.Headers : null;
        RootId = headers?[CallHeaders.Root] ?? RandomName.Hex(16);
        Caller = headers?[CallHeaders.Caller];
        Id = headers?[CallHeaders.Call];
        Chain = headers?[CallHeaders.Chain] is { Length: > 0 } chain ? [.. chain.Split(','), service] : [service];
        Deadline = ReadDeadline(headers?[CallHeaders.Deadline]);
        (_traceParent, _traceState) = (headers?[CallHeaders.TraceParent], headers?[CallHeaders.TraceState]);
    }

    /// <summary>The call that the running code belongs to. Null outside of a handler of a service, and in what is <see cref="Detach">detached</see> from one.</summary>
    public static CallContext? Current => Local.Value;

    /// <summary>The id of the outermost call: the same in all that it leads to, for logs.</summary>
    public string RootId { get; private init; }

    /// <summary>The services that the call has gone through, outermost first; the last is the one that runs now.</summary>
    public IReadOnlyList<string> Chain { get; }

    /// <summary>How many services the call has gone through: 1 for one that no service has made.</summary>
    public int Depth => Chain.Count;

    /// <summary>When the answer is too late. Null: the caller waits for as long as it takes, or has not said (a plain NATS client).</summary>
    public DateTimeOffset? Deadline { get; private init; }

    /// <summary>How much time is left; never less than zero. Null: no limit.</summary>
    public TimeSpan? Remaining => Deadline is not { } deadline ? null : deadline - _time.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Cancelled when the deadline passes, when the caller cancels or leaves the bus, and when the service is closed: nobody waits for the answer any more.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The service that was called.</summary>
    public string Service { get; }

    /// <summary>Its method.</summary>
    public string Method { get; }

    /// <summary>The name of the caller on the bus, as it says itself. Null: it has not said.</summary>
    public string? Caller { get; }

    /// <summary>The headers of the request.</summary>
    public BusHeaders Headers => Message.Headers;

    /// <summary>The request itself.</summary>
    public BusMessage Message { get; }

    /// <summary>The bus that it came from: nested calls go there.</summary>
    public IBus Bus { get; }

    /// <summary>The id of this call. Null: its caller cannot cancel it.</summary>
    internal string? Id { get; }

    /// <summary>How often the call has come through the service that runs now, this time included.</summary>
    internal int Repeats => Chain.Count(name => string.Equals(name, Service, StringComparison.Ordinal));

    /// <summary>W3C trace context of the caller.</summary>
    internal string? TraceParent => _traceParent;

    /// <summary>
    /// Leaves the context for as long as the result is not disposed: for work that a handler starts and that goes on after its answer, and must not end with the call.
    /// </summary>
    public static IDisposable Detach() => new Scope(null);

    /// <summary>For people: the ids and the way it has come.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{string.Join(" > ", Chain)}.{Method}, root {RootId}{(Remaining is { } left ? $", {left.TotalMilliseconds:0} ms left" : "")}");

    /// <summary>Makes it the current one for as long as the result is not disposed.</summary>
    internal IDisposable Enter() => new Scope(this);

    /// <summary>The same without deadline and cancellation: for what others wait for too.</summary>
    internal CallContext WithoutEnd() => new(Service, Method, Message, Bus, _time, CancellationToken.None) { RootId = RootId, Deadline = null };

    /// <summary>Headers for a request that is made now: those given, and the current context.</summary>
    /// <param name="given">The headers of the caller; they are not changed.</param>
    /// <param name="deadline">When its answer is too late. Null: never.</param>
    internal static BusHeaders Write(BusHeaders? given, DateTimeOffset? deadline)
    {
        var current = Current;
        var headers = new BusHeaders();
        foreach (var (name, value) in given ?? []) headers.Add(name, value);
        headers[CallHeaders.Root] = current?.RootId ?? RandomName.Hex(16);
        headers[CallHeaders.Chain] = current is null ? null : string.Join(',', current.Chain);
        headers[CallHeaders.Deadline] = deadline?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var activity = Activity.Current;
        headers[CallHeaders.TraceParent] = activity is { IdFormat: ActivityIdFormat.W3C } ? activity.Id : current?._traceParent;
        headers[CallHeaders.TraceState] = (activity is null ? current?._traceState : activity.TraceStateString) is { Length: > 0 } state ? state : null;
        return headers;
    }

    private static DateTimeOffset? ReadDeadline(string? text) =>
        // What makes no sense is no deadline: a caller of another kind may mean something else by it.
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms < 253_402_300_800_000 ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    private sealed class Scope : IDisposable
    {
        private readonly CallContext? _before;

        public Scope(CallContext? context) => (_before, Local.Value) = (Local.Value, context);

        public void Dispose() => Local.Value = _before;
    }
}
