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
