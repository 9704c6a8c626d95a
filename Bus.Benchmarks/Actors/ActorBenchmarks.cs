using BenchmarkDotNet.Attributes;

namespace Bus.Benchmarks.Actors;

/// <summary>Tell, Ask, fan-out and creation: a batch of each per invocation, so that the figures are per operation.</summary>
[MemoryDiagnoser]
public class ActorBenchmarks
{
    private const int Batch = 10_000;
    private const int Receivers = 100;
    private static readonly object Signal = new();
    private readonly Props _echoProps = Props.Create(() => new EchoActor());
    private ActorSystem _system = null!;
    private IActorRef _counter = null!;
    private IActorRef _echo = null!;
    private IActorRef _source = null!;
    private IActorRef[] _receivers = null!;

    [GlobalSetup]
    public void Setup()
    {
        _system = ActorSystem.Create("benchmarks");
        _counter = _system.ActorOf(Props.Create(() => new CountingActor()));
        _echo = _system.ActorOf(_echoProps);
        var receivers = _receivers = [.. Enumerable.Range(0, Receivers).Select(_ => _system.ActorOf(Props.Create(() => new CountingActor())))];
        _source = _system.ActorOf(Props.Create(() => new FanOutActor(receivers)));
    }

    [GlobalCleanup]
    public Task CleanupAsync() => _system.Terminate();

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task TellAsync()
    {
        var done = ExpectAsync(_counter, Batch);
        for (var i = 0; i < Batch; i++) _counter.Tell(Signal, ActorRefs.NoSender);
        return done;
    }

    [Benchmark]
    public Task<object> AskAsync() => _echo.Ask<object>(Signal, TimeSpan.FromSeconds(30), CancellationToken.None);

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task FanOutAsync()
    {
        var all = new Task[Receivers];
        for (var i = 0; i < Receivers; i++) all[i] = ExpectAsync(_receivers[i], Batch / Receivers);
        _source.Tell(Batch / Receivers, ActorRefs.NoSender);
        return Task.WhenAll(all);
    }

    [Benchmark(OperationsPerInvoke = 100)]
    public async Task CreationAsync()
    {
        var actors = new IActorRef[100];
        for (var i = 0; i < actors.Length; i++) actors[i] = _system.ActorOf(_echoProps);
        foreach (var actor in actors) await actor.GracefulStop(TimeSpan.FromSeconds(30));
    }

    private static Task ExpectAsync(IActorRef actor, int count)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        actor.Tell(new CountingActor.Expect(count, done), ActorRefs.NoSender);
        return done.Task;
    }
}
