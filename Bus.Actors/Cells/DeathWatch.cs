namespace Bus.Actors;

/// <summary>Who this actor watches, who watches it, and which Terminated messages wait in its mailbox.</summary>
internal sealed class DeathWatch
{
    private readonly Dictionary<IActorRef, object?> _watching = [];
    private Dictionary<IActorRef, object?>? _queued;
    private HashSet<IInternalActorRef>? _watchers;

    internal IActorRef Watch(ActorCell cell, IActorRef subject, object? message)
    {
        if (subject is not IInternalActorRef target || cell.Self.Equals(subject)) return subject;
        if (_watching.TryGetValue(subject, out var previous))
        {
            if (!Equals(previous, message))
            {
                throw new InvalidOperationException(
                    $"{cell.Self.Path} already watches {subject.Path} with {Describe(previous)}; unwatch it before watching it with {Describe(message)}.");
            }

            return subject;
        }

        _watching.Add(subject, message);
        target.SendSystemMessage(new WatchMessage(target, cell.Self));
        return subject;
    }

    internal void Unwatch(ActorCell cell, IActorRef subject)
    {
        if (_watching.Remove(subject) && subject is IInternalActorRef target) target.SendSystemMessage(new UnwatchMessage(cell.Self));
        _queued?.Remove(subject);
    }

    internal void UnwatchAll(ActorCell cell)
    {
        foreach (var subject in _watching.Keys) ((IInternalActorRef)subject).SendSystemMessage(new UnwatchMessage(cell.Self));
        _watching.Clear();
        _queued = null;
    }

    internal void AddWatcher(IInternalActorRef watcher) => (_watchers ??= []).Add(watcher);

    internal void RemoveWatcher(IInternalActorRef watcher) => _watchers?.Remove(watcher);

    /// <summary>A watched actor has stopped: its notice queues behind the messages that are already there.</summary>
    internal void Stopped(ActorCell cell, IInternalActorRef actor, bool existenceConfirmed)
    {
        if (!_watching.Remove(actor, out var message) || cell.IsStopping) return;
        (_queued ??= [])[actor] = message;
        cell.Self.Tell(new Terminated(actor, existenceConfirmed, addressTerminated: false), actor);
    }

    /// <summary>The message to hand to the actor for a queued notice; null if the actor has unwatched since.</summary>
    internal object? Take(Terminated terminated) =>
        _queued is not null && _queued.Remove(terminated.ActorRef, out var message) ? message ?? terminated : null;

    /// <summary>Tells every watcher but the supervisor, which is told in any case.</summary>
    internal void TellWatchers(ActorCell cell)
    {
        if (_watchers is null) return;
        foreach (var watcher in _watchers)
        {
            if (!ReferenceEquals(watcher, cell.Self.Supervisor)) watcher.SendSystemMessage(new DeathWatchNotification(cell.Self, existenceConfirmed: true));
        }

        _watchers = null;
    }

    private static string Describe(object? message) => message is null ? "Terminated" : $"the message {message}";
}
