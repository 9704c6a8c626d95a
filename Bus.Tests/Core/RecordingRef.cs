using System.Collections.Concurrent;

namespace Bus.Tests.Core;

/// <summary>An actor ref that keeps what it is told. No actor system needed.</summary>
internal sealed class RecordingRef : TestRef
{
    private readonly ConcurrentQueue<object> _messages = new();

    /// <summary>Runs for every message before it is kept; may throw, as a broken recipient would.</summary>
    public Action<object>? OnTell { get; init; }

    public IReadOnlyCollection<object> Messages => _messages;

    /// <summary>Takes the oldest out.</summary>
    public bool TryTake(out object message) => _messages.TryDequeue(out message!);

    protected override void TellInternal(object message, IActorRef sender)
    {
        OnTell?.Invoke(message);
        _messages.Enqueue(message);
    }
}
