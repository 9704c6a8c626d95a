using System.Collections.Concurrent;

namespace Bus.Tests.Core;

/// <summary>An actor ref that keeps what it is told. No actor system needed.</summary>
internal sealed class RecordingRef(string name = "recorder") : IActorRef
{
    private readonly ConcurrentQueue<object> _messages = new();

    /// <summary>Runs for every message before it is kept; may throw, as a broken recipient would.</summary>
    public Action<object>? OnTell { get; init; }

    public IReadOnlyCollection<object> Messages => _messages;

    public ActorPath Path => throw new NotSupportedException($"The recorder {name} has no path.");

    public void Tell(object message, IActorRef sender)
    {
        OnTell?.Invoke(message);
        _messages.Enqueue(message);
    }

    public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    public int CompareTo(IActorRef? other) => ReferenceEquals(this, other) ? 0 : 1;

    public int CompareTo(object? obj) => ReferenceEquals(this, obj) ? 0 : 1;
}
