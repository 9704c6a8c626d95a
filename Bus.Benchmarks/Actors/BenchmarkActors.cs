namespace Bus.Benchmarks.Actors;

/// <summary>Completes a task when it has handled a number of messages.</summary>
internal sealed class CountingActor : UntypedActor
{
    private int _left;
    private TaskCompletionSource? _done;

    protected override void OnReceive(object message)
    {
        if (message is Expect expect) (_left, _done) = (expect.Count, expect.Done);
        else if (--_left == 0) _done!.SetResult();
    }

    internal sealed record Expect(int Count, TaskCompletionSource Done);
}

internal sealed class EchoActor : UntypedActor
{
    protected override void OnReceive(object message) => Sender.Tell(message, Self);
}

/// <summary>Answers each message until it has sent a number of them.</summary>
internal sealed class PingActor(IActorRef pong, int count, TaskCompletionSource done) : UntypedActor
{
    private int _left = count;

    protected override void OnReceive(object message)
    {
        if (_left-- > 0) pong.Tell(message, Self);
        else done.SetResult();
    }
}

/// <summary>Tells a number of receivers, again and again.</summary>
internal sealed class FanOutActor(IActorRef[] receivers) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        for (var i = (int)message; i > 0; i--)
        {
            foreach (var receiver in receivers) receiver.Tell(Signal, Self);
        }
    }

    private static readonly object Signal = new();
}

internal sealed class AsyncActor : ReceiveActor
{
    public AsyncActor(int count, TaskCompletionSource done) => ReceiveAsync<object>(_ =>
    {
        if (--count == 0) done.SetResult();
        return Task.CompletedTask;
    });
}

/// <summary>Tells all receivers, waits for all answers, and begins anew.</summary>
internal sealed class RoundsActor(IActorRef[] receivers, int rounds, TaskCompletionSource done) : UntypedActor
{
    public static readonly object Begin = new();

    private int _left = rounds;
    private int _waiting;

    protected override void OnReceive(object message)
    {
        if (--_waiting > 0) return;
        if (_left-- == 0)
        {
            done.SetResult();
            return;
        }

        _waiting = receivers.Length;
        foreach (var receiver in receivers) receiver.Tell(Begin, Self);
    }
}

/// <summary>Counts its own start, and its first message.</summary>
internal sealed class StartedActor(CountdownTask started) : UntypedActor
{
    protected override void PreStart() => started.Signal();

    protected override void OnReceive(object message) => ((CountdownTask)message).Signal();
}

/// <summary>A task that completes with the last of a number of signals.</summary>
internal sealed class CountdownTask(int count)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _left = count;

    public Task Task => _done.Task;

    public void Signal()
    {
        if (Interlocked.Decrement(ref _left) == 0) _done.SetResult();
    }
}

internal sealed record FigureEvent
{
    public static readonly FigureEvent Instance = new();
}
