using System.Diagnostics.CodeAnalysis;

namespace Bus.Core.Services;

/// <summary>The calls that the bus has passed on and that are not answered yet. Not thread-safe.</summary>
/// <param name="prefix">What the topics begin with on which the answers come.</param>
internal sealed class RelayedCalls(string prefix)
{
    // Each waits, with an entry and a timer.
    private const int Max = 10_000;
    // So that nobody can take them all.
    private const int MaxEach = 1000;

    private readonly Dictionary<string, RelayedCall> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<object, int> _origins = new(ReferenceEqualityComparer.Instance);
    // Everybody may publish to an inbox: nobody is to guess that of another's call.
    private readonly NumberCipher _cipher = new();
    private ulong _lastNumber;

    /// <summary>Those that wait to hear why nobody has taken them.</summary>
    public IEnumerable<RelayedCall> OfNobody => _calls.Values.Where(call => call.HasReachedNobody);

    /// <summary>Whether somebody may have one more. If not, it is told.</summary>
    public bool MayBegin(in SystemRequest request)
    {
        if (_calls.Count >= Max) request.Fail($"{Max} calls wait for their answers, which is all that the bus passes on at a time: try again later.", 429, "busy");
        else if (_origins.GetValueOrDefault(request.Producer.Origin) >= MaxEach) request.Fail($"{MaxEach} of your own calls wait for their answers, which is all there may be: wait for one of them.", 429, "busy");
        else return true;
        return false;
    }

    /// <summary>Begins one.</summary>
    public RelayedCall Add(CalledMethod method, in SystemRequest request)
    {
        var call = new RelayedCall(method, request.Producer, request.ReplyTo.ToArray(), $"{prefix}{_cipher.Of(++_lastNumber):x16}");
        _calls.Add(call.Inbox, call);
        _origins[call.Origin] = _origins.GetValueOrDefault(call.Origin) + 1;
        return call;
    }

    public bool TryFind(string inbox, [NotNullWhen(true)] out RelayedCall? call) => _calls.TryGetValue(inbox, out call);

    /// <summary>It is answered, or nobody waits any more.</summary>
    /// <returns>False: it was before.</returns>
    public bool Remove(RelayedCall call)
    {
        if (!_calls.Remove(call.Inbox)) return false;
        if (--_origins[call.Origin] == 0) _origins.Remove(call.Origin);
        return true;
    }
}
