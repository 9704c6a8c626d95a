namespace Bus.Actors;

/// <summary>What a cell does once the children that it told to stop have stopped.</summary>
internal enum AfterChildren
{
    Nothing,
    Recreate,
    Create,
    Stop,
}

/// <summary>
/// The children of one actor: those that were given a name by name, which is taken until the child has terminated, those without in a list, in which
/// each knows its place; their names are made up when somebody asks. The lock is there because any thread
/// may create a child of a guardian; elsewhere it is uncontended.
/// </summary>
internal sealed class Children
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LocalActorRef> _byName = [];
    private readonly List<LocalActorRef> _unnamed = [];
    private HashSet<LocalActorRef>? _stopping;
    private Dictionary<LocalActorRef, RestartStatistics>? _restarts;
    private AfterChildren _then;
    private long _nextNumber;

    internal LocalActorRef Add(ActorCell parent, Props props, string? name)
    {
        lock (_gate)
        {
            if (_then == AfterChildren.Stop) throw new InvalidOperationException($"{parent.Self.Path} can't create a child: it is stopping or has stopped.");
            if (name is null)
            {
                var unnamed = new LocalActorRef(parent.System, props, parent.Self, _nextNumber++) { Slot = _unnamed.Count };
                _unnamed.Add(unnamed);
                return unnamed;
            }

            if (_byName.ContainsKey(name))
            {
                throw new InvalidActorNameException(
                    $"Actor name \"{name}\" is not unique below {parent.Self.Path}: an actor of that name exists or has not yet terminated.");
            }

            var child = new LocalActorRef(parent.System, props, parent.Self, name);
            _byName.Add(name, child);
            return child;
        }
    }

    internal LocalActorRef? Find(string name)
    {
        lock (_gate) return name.StartsWith('$') ? _unnamed.Find(child => child.Name == name) : _byName.GetValueOrDefault(name);
    }

    internal bool Contains(LocalActorRef child)
    {
        lock (_gate) return ContainsLocked(child);
    }

    internal LocalActorRef[] Snapshot()
    {
        lock (_gate) return [.. _byName.Values, .. _unnamed];
    }

    internal void MarkStopping(LocalActorRef child)
    {
        lock (_gate)
        {
            if (ContainsLocked(child)) (_stopping ??= []).Add(child);
        }
    }

    /// <summary>Remembers what to do when the stopping children are gone; false if none is stopping, so that it can be done now.</summary>
    internal bool WaitFor(AfterChildren then)
    {
        lock (_gate)
        {
            var waiting = _stopping is { Count: > 0 };
            if (waiting || then == AfterChildren.Stop) _then = then;
            return waiting;
        }
    }

    /// <summary>Takes a terminated child out and returns what its termination was waited for with.</summary>
    internal AfterChildren Remove(LocalActorRef child)
    {
        lock (_gate)
        {
            if (!ContainsLocked(child)) return AfterChildren.Nothing;
            if (child.Slot < 0) _byName.Remove(child.Name);
            else RemoveUnnamed(child);
            _restarts?.Remove(child);
            if (_stopping is null || !_stopping.Remove(child) || _stopping.Count > 0) return AfterChildren.Nothing;
            var then = _then;
            if (then != AfterChildren.Stop) _then = AfterChildren.Nothing;
            return then;
        }
    }

    internal RestartStatistics Restarts(LocalActorRef child)
    {
        lock (_gate)
        {
            _restarts ??= [];
            if (!_restarts.TryGetValue(child, out var statistics)) _restarts.Add(child, statistics = new RestartStatistics());
            return statistics;
        }
    }

    private bool ContainsLocked(LocalActorRef child)
    {
        if (child.Slot < 0) return _byName.TryGetValue(child.Name, out var known) && ReferenceEquals(known, child);
        return child.Slot < _unnamed.Count && ReferenceEquals(_unnamed[child.Slot], child);
    }

    /// <summary>The last one takes its place.</summary>
    private void RemoveUnnamed(LocalActorRef child)
    {
        var last = _unnamed[^1];
        _unnamed[child.Slot] = last;
        last.Slot = child.Slot;
        _unnamed.RemoveAt(_unnamed.Count - 1);
    }
}
