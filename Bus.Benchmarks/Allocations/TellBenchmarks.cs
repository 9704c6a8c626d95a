using BenchmarkDotNet.Attributes;

namespace Bus.Benchmarks.Allocations;

/// <summary>A message from one actor to another, and many at once from outside.</summary>
public class TellBenchmarks
{
    private const int Count = 40_000;
    private const int BurstLength = 1_000;
    private static readonly object Signal = new();
    private readonly ActorSystem _system = ActorSystem.Create("tell");
    private readonly ManualResetEventSlim _done = new();
    private readonly IActorRef _ping;
    private readonly IActorRef _counter;

    public TellBenchmarks()
    {
        var done = _done;
        var pong = _system.ActorOf(Props.Create(() => new Pong()));
        _ping = _system.ActorOf(Props.Create(() => new Ping(pong, Count / 2, done)));
        _counter = _system.ActorOf(Props.Create(() => new Counter(BurstLength, done)));
    }

    [GlobalCleanup]
    public Task CleanupAsync() => _system.Terminate();

    [Benchmark(OperationsPerInvoke = Count)]
    public void PingPong()
    {
        _done.Reset();
        _ping.Tell(Signal, ActorRefs.NoSender);
        _done.Wait();
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public void Burst()
    {
        for (var burst = 0; burst < Count / BurstLength; burst++)
        {
            _done.Reset();
            for (var i = 0; i < BurstLength; i++) _counter.Tell(Signal, ActorRefs.NoSender);
            _done.Wait();
        }
    }

    private sealed class Pong : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message, Self);
    }

    private sealed class Ping(IActorRef pong, int rounds, ManualResetEventSlim done) : UntypedActor
    {
        private int _sent;

        protected override void OnReceive(object message)
        {
            if (_sent++ < rounds)
            {
                pong.Tell(message, Self);
                return;
            }

            _sent = 0;
            done.Set();
        }
    }

    private sealed class Counter(int count, ManualResetEventSlim done) : UntypedActor
    {
        private int _received;

        protected override void OnReceive(object message)
        {
            if (++_received < count) return;
            _received = 0;
            done.Set();
        }
    }
}
