using System.Text;

namespace Bus.Core.Rpc;

/// <summary>
/// The calls of one instance by the ids that their callers gave them, and the ids that were cancelled before the call came: the two travel on different topics, which have no
/// common order. Thread-safe.
/// </summary>
internal sealed class Cancellations
{
    // Ids of calls that other instances carry out come here too, and are never taken out by a call.
    private const int MaxEarly = 1024;

    // Ours have 16 characters. A longer one is none: a thousand of any length would fill the memory.
    private const int MaxIdLength = 128;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServiceCall> _calls = new(StringComparer.Ordinal);
    private readonly HashSet<string> _early = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <returns>False: it is cancelled already.</returns>
    public bool TryAdd(ServiceCall call)
    {
        if (call.Context.Id is not { } id) return true;
        lock (_lock)
        {
            if (_early.Contains(id)) return false;
            // One that comes twice is one that is sent again: the later one is waited for, and the earlier one still runs.
            call.Earlier = _calls.GetValueOrDefault(id);
            _calls[id] = call;
            return true;
        }
    }

    public void Remove(ServiceCall call)
    {
        if (call.Context.Id is not { } id) return;
        lock (_lock)
        {
            if (!_calls.TryGetValue(id, out var last)) return;
            if (!ReferenceEquals(last, call))
            {
                while (last.Earlier is { } earlier && !ReferenceEquals(earlier, call)) last = earlier;
                last.Earlier = call.Earlier;
            }
            else if (call.Earlier is { } before)
            {
                _calls[id] = before;
            }
            else
            {
                _calls.Remove(id);
            }
        }
    }

    /// <param name="utf8">The id, as it came.</param>
    public void Cancel(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length is 0 or > MaxIdLength) return;
        var id = Encoding.UTF8.GetString(utf8);
        var cancelled = new List<ServiceCall>();
        lock (_lock)
        {
            for (var call = _calls.GetValueOrDefault(id); call is not null; call = call.Earlier) cancelled.Add(call);
            if (cancelled.Count == 0 && _early.Add(id))
            {
                _order.Enqueue(id);
                if (_order.Count > MaxEarly) _early.Remove(_order.Dequeue());
            }
        }

        foreach (var call in cancelled) call.Cancel();
    }

    /// <summary>
    /// A client has left the bus: it waits for nothing any more, but perhaps for calls that are safe to repeat. If it was its connection that broke, it sends those again.
    /// </summary>
    public void CancelAllOf(string caller)
    {
        ServiceCall[] calls;
        lock (_lock) calls = [.. _calls.Values.Where(call => call.Message.Id is null && string.Equals(call.Context.Caller, caller, StringComparison.Ordinal))];
        foreach (var call in calls) call.Cancel();
    }
}
