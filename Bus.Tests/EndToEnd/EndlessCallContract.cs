using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Transport.Client;

namespace Bus.Tests.EndToEnd;

/// <summary>Calls that were given no end: what ends them is that nobody can answer them any more.</summary>
public abstract class EndlessCallContract(string url) : DaemonContract(url)
{
    private static readonly BusClientOptions Endless = new() { RequestTimeout = Timeout.InfiniteTimeSpan };
    private static readonly DeliverOptions Deliver = new() { Timeout = Timeout.InfiniteTimeSpan };

    [Fact]
    public async Task They_wait_for_a_process_that_is_frozen_and_fail_when_it_is_killed()
    {
        await using var bus = await ConnectAsync(Endless);
        await using var responder = await StartReadyAsync("echo", "reply", "echo");
        await using var inbox = await StartReadyAsync("subscribed", "inbox", "inbox");
        await using var member = await StartReadyAsync("subscribed", "sub", "work", "--queue", "workers");
        foreach (var process in new[] { responder, inbox, member }) await process.FreezeAsync();

        Task[] requests = [bus.RequestAsync<int, int>("echo", 1), bus.RequestAsync<int, int>("echo", 2, Timeout.InfiniteTimeSpan), bus.RequestMessageAsync<int, int>("echo", 3, new RequestOptions { FailFast = true })];
        Task[] deliveries = [bus.DeliverAsync("inbox", 1), bus.DeliverAsync("inbox", 2, Deliver), bus.DeliverToAnyAsync("work", 3, Deliver)];
        await bus.FlushAsync().Guard();
        // By name a message has another step to go in the bus: this one is passed on behind the others.
        await bus.SendAsync("inbox", 0).Guard();
        Assert.DoesNotContain(requests.Concat(deliveries), call => call.IsCompleted);
        foreach (var process in new[] { responder, inbox, member }) await process.SignalAsync("KILL");

        foreach (var request in requests) await Assert.ThrowsAsync<ResponderLostException>(() => request.Guard());
        foreach (var delivery in deliveries) Assert.IsType<ResponderLostException>((await Assert.ThrowsAsync<ConnectionLostException>(() => delivery.Guard())).InnerException);
        await Assert.ThrowsAsync<NoRespondersException>(() => bus.RequestAsync<int, int>("echo", 4).Guard());
        await Assert.ThrowsAsync<ClientAbsentException>(() => bus.DeliverAsync("inbox", 4).Guard());
    }

    [Fact]
    public async Task One_that_its_caller_gave_up_is_answered_late_and_the_next_gets_its_own_answer()
    {
        await using var bus = await ConnectAsync(Endless);
        await using var frozen = await StartReadyAsync("echo", "reply", "echo");
        await frozen.FreezeAsync();
        using var patience = new CancellationTokenSource();
        var given = bus.RequestAsync<int, int>("echo", 1, cancellationToken: patience.Token);
        await bus.FlushAsync().Guard();
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.Guard());
        var late = bus.NoticeAsync(BusNoticeKind.LateReply);
        var next = bus.RequestAsync<int, int>("echo", 2);

        await frozen.SignalAsync("CONT");

        Assert.Equal("echo", (await late).Topic);
        Assert.Equal(2, await next.Guard());
    }

    [Fact]
    public async Task They_wait_for_a_bus_that_is_frozen_and_when_it_is_killed_only_those_that_are_safe_to_retry_go_on()
    {
        await using var bus = await ConnectAsync(Endless);
        await using var responder = await StartReadyAsync("echo", "reply", "echo");
        await using var inbox = await StartReadyAsync("subscribed", "inbox", "inbox");
        await Daemon.FreezeAsync();
        Task[] lost = [bus.RequestAsync<int, int>("echo", 1), bus.DeliverAsync("inbox", 2)];
        var safe = bus.RequestMessageAsync<int, int>("echo", 3, new RequestOptions { SafeToRetry = true });
        var delivered = bus.DeliverAsync("inbox", "delivered", Deliver with { SafeToRetry = true });
        Assert.DoesNotContain(lost.Concat([safe, delivered]), call => call.IsCompleted);

        await KillDaemonAsync();
        foreach (var call in lost) await Assert.ThrowsAsync<ConnectionLostException>(() => call.Guard());
        // Asked while there is no bus.
        var waiting = bus.RequestMessageAsync<int, int>("echo", 4, new RequestOptions { SafeToRetry = true });
        Assert.DoesNotContain([safe, delivered, waiting], call => call.IsCompleted);
        await StartDaemonAsync();

        Assert.Equal((3, 4), ((await safe.Guard()).Data, (await waiting.Guard()).Data));
        await delivered.Guard();
        await inbox.Output.WaitForAsync("delivered");
        Assert.Single(inbox.Output.Lines, line => line.Contains("delivered", StringComparison.Ordinal));
    }
}

public sealed class UnixEndlessCallTests() : EndlessCallContract("bus");

public sealed class TcpEndlessCallTests() : EndlessCallContract(new RestartingTcpBus().Endpoint.ToString());
