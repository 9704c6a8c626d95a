namespace Bus.Actors;

/// <summary>The behaviours put over the actor's own Receive. Become replaces the top one and never the actor's own.</summary>
internal sealed class BehaviourStack
{
    private readonly List<Receive> _stack = [];

    internal void Become(Receive receive)
    {
        if (_stack.Count == 0) _stack.Add(receive);
        else _stack[^1] = receive;
    }

    internal void Push(Receive receive) => _stack.Add(receive);

    /// <summary>Drops the top and returns the one below; null for the actor's own.</summary>
    internal Receive? Pop()
    {
        if (_stack.Count > 0) _stack.RemoveAt(_stack.Count - 1);
        return _stack.Count > 0 ? _stack[^1] : null;
    }
}
