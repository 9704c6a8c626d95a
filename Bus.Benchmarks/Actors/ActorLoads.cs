using System.Threading.Channels;
using Bus.Core;

namespace Bus.Benchmarks.Actors;

/// <summary>What is measured: each does its work a number of times and returns what has to be cleared away afterwards, which does not count.</summary>
internal static class ActorLoads
{
    private const int Receivers = 100;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly object Signal = new();

    public static async Task<Func<Task>> ChannelAsync(int count)
    {
        var channel = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        var reader = Task.Run(async () =>
        {
            var left = count;
            while (left > 0 && await channel.Reader.WaitToReadAsync())
            {
                while (channel.Reader.TryRead(out _)) left--;
            }
        });
        for (var i = 0; i < count; i++) channel.Writer.TryWrite(Signal);
        await reader;
        return () => Task.CompletedTask;
    }

    public static async Task<Func<Task>> TellAsync(ActorSystem system, int count)
    {
        var done = new TaskCompletionSource();
        var actor = system.ActorOf(Props.Create(() => new CountingActor()));
        actor.Tell(new CountingActor.Expect(count, done), ActorRefs.NoSender);
        for (var i = 0; i < count; i++) actor.Tell(Signal, ActorRefs.NoSender);
        await done.Task;
        return () => StopAsync(actor);
    }

    public static async Task<Func<Task>> PingPongAsync(ActorSystem system, int count)
    {
        var done = new TaskCompletionSource();
        var pong = system.ActorOf(Props.Create(() => new EchoActor()));
        var rounds = count / 2;
        var ping = system.ActorOf(Props.Create(() => new PingActor(pong, rounds, done)));
        ping.Tell(Signal, ActorRefs.NoSender);
        await done.Task;
        return () => StopAsync(ping, pong);
    }

    public static async Task<Func<Task>> AskAsync(ActorSystem system, int count, int concurrency)
    {
        var echo = system.ActorOf(Props.Create(() => new EchoActor()));
        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(async _ =>
        {
            for (var i = 0; i < count / concurrency; i++) await echo.Ask<object>(Signal, Limit, CancellationToken.None);
        }));
        return () => StopAsync(echo);
    }

    public static async Task<Func<Task>> ReceiveAsync(ActorSystem system, int count)
    {
        var done = new TaskCompletionSource();
        var actor = system.ActorOf(Props.Create(() => new AsyncActor(count, done)));
        for (var i = 0; i < count; i++) actor.Tell(Signal, ActorRefs.NoSender);
        await done.Task;
        return () => StopAsync(actor);
    }

    public static async Task<Func<Task>> FanOutAsync(ActorSystem system, int count)
    {
        var rounds = count / Receivers;
        var (receivers, all) = StartCounting(system, rounds);
        var source = system.ActorOf(Props.Create(() => new FanOutActor(receivers)));
        for (var sent = 0; sent < rounds; sent += 100) source.Tell(Math.Min(100, rounds - sent), ActorRefs.NoSender);
        await all;
        return () => StopAsync([source, .. receivers]);
    }

    /// <summary>Each receiver answers, and the next round begins when all have.</summary>
    public static async Task<Func<Task>> AcknowledgedAsync(ActorSystem system, int count)
    {
        var done = new TaskCompletionSource();
        var receivers = Enumerable.Range(0, Receivers).Select(_ => system.ActorOf(Props.Create(() => new EchoActor()))).ToArray();
        var rounds = count / Receivers;
        var source = system.ActorOf(Props.Create(() => new RoundsActor(receivers, rounds, done)));
        source.Tell(RoundsActor.Begin, ActorRefs.NoSender);
        await done.Task;
        return () => StopAsync([source, .. receivers]);
    }

    public static async Task<Func<Task>> EventStreamAsync(ActorSystem system, int count)
    {
        var rounds = count / Receivers;
        var (receivers, all) = StartCounting(system, rounds);
        foreach (var receiver in receivers) system.EventStream.Subscribe(receiver, typeof(FigureEvent));
        for (var i = 0; i < rounds; i++) system.EventStream.Publish(FigureEvent.Instance);
        await all;
        foreach (var receiver in receivers) system.EventStream.Unsubscribe(receiver);
        return () => StopAsync(receivers);
    }

    public static async Task<Func<Task>> CreateAsync(int count)
    {
        var system = BusSystem.Create("creation");
        await StartAsync(system, count, touch: false);
        return system.Terminate;
    }

    /// <summary>Starts actors and returns when all of them run.</summary>
    public static async Task<IActorRef[]> StartAsync(ActorSystem system, int count, bool touch)
    {
        var started = new CountdownTask(count);
        var props = Props.Create(() => new StartedActor(started));
        var actors = new IActorRef[count];
        for (var i = 0; i < count; i++) actors[i] = system.ActorOf(props);
        await started.Task;
        if (!touch) return actors;
        var touched = new CountdownTask(count);
        foreach (var actor in actors) actor.Tell(touched, ActorRefs.NoSender);
        await touched.Task;
        return actors;
    }

    private static (IActorRef[] Receivers, Task All) StartCounting(ActorSystem system, int rounds)
    {
        var (receivers, all) = (new IActorRef[Receivers], new Task[Receivers]);
        for (var i = 0; i < receivers.Length; i++)
        {
            var done = new TaskCompletionSource();
            receivers[i] = system.ActorOf(Props.Create(() => new CountingActor()));
            receivers[i].Tell(new CountingActor.Expect(rounds, done), ActorRefs.NoSender);
            all[i] = done.Task;
        }

        return (receivers, Task.WhenAll(all));
    }

    private static async Task StopAsync(params IActorRef[] actors) => await Task.WhenAll(actors.Select(actor => actor.GracefulStop(Limit)));
}
