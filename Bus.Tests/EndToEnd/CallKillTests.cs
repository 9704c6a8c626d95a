using System.Collections.Concurrent;
using Bus.Core.Calls;
using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>Many calls at once, while a responder process is frozen with some of them and then killed, or the daemon is. The processes use TCP, the test the Unix socket.</summary>
public sealed class CallKillTests() : DaemonContract("bus")
{
    protected override string ProcessUrl { get; } = new RestartingTcpBus().Endpoint.ToString();

    private const int Calls = 100;

    private static readonly RetryOptions Quickly = new() { MinDelay = TimeSpan.FromMilliseconds(5), MaxDelay = TimeSpan.FromMilliseconds(50), MaxAttempts = 1000, Timeout = Guarding.Limit };

    [Fact]
    public async Task All_settled_has_the_results_of_the_one_and_the_errors_of_the_other()
    {
        await using var bus = await ConnectAsync();
        var (here, victim) = await StartGroupAsync();
        await using var responder = here;
        await using var frozen = victim;
        await victim.FreezeAsync();

        var (answered, half) = (0, new TaskCompletionSource());
        var settled = BusCalls.AllSettledAsync(Enumerable.Range(0, Calls), async (n, token) =>
        {
            var answer = await EchoAsync(bus, n, token);
            if (Interlocked.Increment(ref answered) == 10) half.SetResult();
            return answer;
        }, new CallOptions { MaxInFlight = Calls });
        await half.Task.Guard();
        await victim.SignalAsync("KILL");

        var outcomes = await settled.Guard();
        Assert.Equal(Enumerable.Range(0, Calls), outcomes.Select(outcome => outcome.Item));
        Assert.All(outcomes, outcome => Assert.True(outcome.IsSuccess ? outcome.Result == outcome.Item : outcome.Error is ResponderLostException, $"{outcome.Item}: {outcome.Error}"));
        Assert.InRange(outcomes.Count(outcome => outcome.IsSuccess), 10, Calls - 1);
    }

    [Fact]
    public async Task Retrying_brings_all_of_them_to_an_end_although_the_responder_and_the_daemon_are_killed()
    {
        await using var bus = await ConnectAsync();
        var (here, victim) = await StartGroupAsync();
        await using var responder = here;
        await using var frozen = victim;
        await victim.FreezeAsync();
        var retries = new ConcurrentQueue<Exception>();
        // While the daemon and then the responder are on their way back nobody responds, which does not count as an error that passes unless it is said so.
        var options = new CallOptions { MaxInFlight = 8, Retry = Quickly with { OnRetry = attempt => retries.Enqueue(attempt.Error), ShouldRetry = error => error is NoRespondersException || RetryOptions.IsTransient(error) } };
        var (begun, many) = (0, new TaskCompletionSource());

        var all = BusCalls.AllAsync(Enumerable.Range(0, Calls), (n, token) =>
        {
            if (Interlocked.Increment(ref begun) == 8) many.SetResult();
            return EchoAsync(bus, n, token);
        }, options);
        await many.Task.Guard();
        var back = bus.NextAsync(BusState.Connected);
        await KillDaemonAsync();
        await victim.SignalAsync("KILL");
        await StartDaemonAsync();
        await back;

        Assert.Equal(Enumerable.Range(0, Calls), await all.Guard());
        Assert.Contains(retries, error => error is ConnectionLostException);
    }

    [Fact]
    public async Task The_first_error_ends_all_and_does_not_wait_for_who_is_frozen()
    {
        await using var bus = await ConnectAsync();
        await using var frozen = await StartReadyAsync("echo", "reply", "echo");
        await using var victim = await StartSilentResponderAsync("silent");
        await frozen.FreezeAsync();

        var all = BusCalls.AllAsync(Enumerable.Range(0, 10), (n, token) => bus.RequestAsync<int, int>(n == 5 ? "silent" : "echo", n, Never, token));
        await KillWithItsRequestAsync(victim);

        Assert.Equal("silent", (await Assert.ThrowsAsync<ResponderLostException>(() => all.Guard())).Topic);
    }

    [Fact]
    public async Task No_more_than_so_many_wait_for_one_that_is_frozen_and_all_go_on_when_it_wakes_up()
    {
        await using var bus = await ConnectAsync();
        await using var frozen = await StartReadyAsync("echo", "reply", "echo");
        await frozen.FreezeAsync();
        var (begun, stuck) = (0, new TaskCompletionSource());

        var results = Task.Run(async () =>
        {
            var calls = BusCalls.EachAsync(NumbersAsync(), (n, token) =>
            {
                if (Interlocked.Increment(ref begun) == 4) stuck.SetResult();
                return EchoAsync(bus, n, token);
            }, new CallOptions { MaxInFlight = 4 });
            var answers = new List<int>();
            await foreach (var outcome in calls) answers.Add(outcome.Result);
            return answers;
        });
        await stuck.Task.Guard();
        // All that would be sent beside them has gone out by now.
        await bus.FlushAsync().Guard();
        Assert.Equal(4, Volatile.Read(ref begun));
        await frozen.SignalAsync("CONT");

        Assert.Equal(Enumerable.Range(0, Calls), (await results.Guard()).Order());
    }

    [Fact]
    public async Task The_first_answer_wins_whoever_is_frozen_or_killed()
    {
        await using var bus = await ConnectAsync();
        await using var frozen = await StartReadyAsync("who", "reply", "who");
        await using var victim = await StartSilentResponderAsync("who");
        await frozen.FreezeAsync();
        var first = bus.RequestFirstAsync<string, string>("who", "?", Never);
        await victim.Errors.WaitForAsync("got it: ");
        await using var healthy = await bus.RespondAsync<string, string>("who", (_, _) => new("me")).Guard();

        Assert.Equal("me", await bus.RequestFirstAsync<string, string>("who", "?", Never).Guard());
        await KillWithItsRequestAsync(victim);
        await frozen.SignalAsync("CONT");
        Assert.Equal("?", await first.Guard());
    }

    [Fact]
    public async Task An_answer_of_one_that_was_frozen_for_too_long_is_told_and_given_to_no_other_call()
    {
        await using var bus = await ConnectAsync();
        await using var frozen = await StartReadyAsync("echo", "reply", "echo");
        await frozen.FreezeAsync();
        var late = bus.NoticeAsync(BusNoticeKind.LateReply);
        await Assert.ThrowsAsync<RequestTimeoutException>(() => bus.RequestAsync<int, int>("echo", 1, TimeSpan.FromMilliseconds(50)).Guard());
        var next = bus.RequestAsync<int, int>("echo", 2, Never);

        await frozen.SignalAsync("CONT");

        await late;
        Assert.Equal(2, await next.Guard());
    }

    private static async IAsyncEnumerable<int> NumbersAsync()
    {
        for (var n = 0; n < Calls; n++)
        {
            await Task.Yield();
            yield return n;
        }
    }

    private static Task<int> EchoAsync(IBus bus, int number, CancellationToken cancellationToken) => bus.RequestAsync<int, int>("echo", number, Never, cancellationToken);

    private async Task<(ToolProcess Here, ToolProcess Victim)> StartGroupAsync() =>
        (await StartReadyAsync("echo", "reply", "echo", "--queue", "workers"), await StartReadyAsync("echo", "reply", "echo", "--queue", "workers"));
}
