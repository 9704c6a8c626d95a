using System.Collections.Concurrent;
using System.Text;
using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>Real processes that get SIGKILL: whoever is left goes on.</summary>
public abstract class KillContract(string url) : DaemonContract(url)
{
    [Fact]
    public async Task When_a_client_is_killed_its_requests_fail_at_once_and_the_others_go_on()
    {
        await using var bus = await ConnectAsync();
        await using var other = await bus.OpenSubscriptionAsync<string>("news");
        // A service that takes a request and never answers it.
        await using var service = await StartSilentResponderAsync("slow");
        var request = bus.RequestAsync<string, string>("slow", "?", TimeSpan.FromMinutes(10));

        await KillWithItsRequestAsync(service);

        await Assert.ThrowsAsync<ResponderLostException>(() => request.Guard());
        await Assert.ThrowsAsync<NoRespondersException>(() => bus.RequestAsync<string, string>("slow", "?", TimeSpan.FromMinutes(10)).Guard());
        await bus.PublishAsync("news", "still here");
        Assert.Equal(["still here"], await other.TakeDataAsync(1));
    }

    [Fact]
    public async Task When_a_subscriber_is_killed_in_the_middle_of_a_stream_the_other_gets_all_of_it()
    {
        const int Lines = 20_000;
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, Lines).Select(i => $"line {i} of the stream, grüße\n")));
        await using var victim = await SubscribeAsync("stream", Lines);
        await using var survivor = await SubscribeAsync("stream", Lines);
        await using var publisher = StartIpcBus("pub", "stream", "--lines");

        await publisher.WriteAsync(text.AsMemory(0, text.Length / 2));
        await victim.Output.WaitForAsync("line 1000 ");
        await victim.SignalAsync("KILL");
        await publisher.WriteAsync(text.AsMemory(text.Length / 2));
        publisher.CloseInput();

        Assert.Equal((0, ""), (await publisher.ExitAsync(), publisher.Errors.Text));
        Assert.Equal(0, await survivor.ExitAsync());
        Assert.True(survivor.Output.Bytes.AsSpan().SequenceEqual(text), "The survivor got something else than was published.");
    }

    [Fact]
    public async Task When_the_daemon_is_killed_its_socket_can_be_bound_again_and_everybody_comes_back()
    {
        await using var bus = await ConnectAsync();
        await using var subscription = await bus.OpenSubscriptionAsync<string>("news.*");
        await using var process = await SubscribeAsync("news.*", count: 2);
        await using var responder = StartIpcBus("reply", "echo");
        await responder.Errors.WaitForAsync("echo");
        await bus.PublishAsync("news.first", "before");
        await process.Output.WaitForAsync("before");
        var lost = bus.NextAsync(BusState.Reconnecting);

        await KillDaemonAsync();
        await lost.Guard();
        await process.Errors.WaitForAsync("lost the connection");
        await StartDaemonAsync();

        // Each of them comes back in its own time: the first answer shows the responder, the count the subscriber.
        await Eventually.HoldsAsync(() => AnswersAsync(bus), () => "The responder comes back.");
        await Eventually.HoldsAsync(
            async () =>
            {
                if (bus.State == BusState.Connected) await bus.PublishAsync("news.second", "after");
                return process.Output.Lines.Length > 1;
            },
            () => "The subscriber comes back.");
        // It has its two messages, and cannot know that these were all.
        Assert.Equal(1, await process.ExitAsync());
        Assert.Equal(["before", "after"], process.Output.Lines);
        Assert.Contains("again; messages published in between may have been lost", process.Errors.Text, StringComparison.Ordinal);
        Assert.Equal(["before", "after"], await subscription.TakeDataAsync(2));
    }

    [Fact]
    public async Task Requests_that_are_safe_to_send_again_survive_the_responder_and_the_daemon()
    {
        var safe = new RequestOptions { SafeToRetry = true, Timeout = Guarding.Limit };
        await using var requester = await ConnectAsync();
        await using var victim = await StartSilentResponderAsync("slow");
        var orphaned = requester.RequestMessageAsync<string, string>("slow", "1", safe);
        await KillWithItsRequestAsync(victim);
        await using var heir = await ConnectAsync();
        var (handled, got, release) = (new ConcurrentQueue<string>(), new TaskCompletionSource(), new TaskCompletionSource());
        await heir.RespondAsync<string, string>("slow", async (text, _, _) =>
        {
            handled.Enqueue(text);
            if (text != "2") return text;
            got.SetResult();
            await release.Task;
            return text;
        }).Guard();
        Assert.Equal("1", (await orphaned.Guard()).Data);

        var interrupted = requester.RequestMessageAsync<string, string>("slow", "2", safe);
        await got.Task.Guard();
        var back = requester.NextAsync(BusState.Connected);
        await KillDaemonAsync();
        await StartDaemonAsync();
        await back.Guard();
        release.SetResult();
        Assert.Equal("2", (await interrupted.Guard()).Data);
        Assert.Equal("3", (await requester.RequestMessageAsync<string, string>("slow", "3", safe).Guard()).Data);
        Assert.Single(handled, "2");
    }

    private static async Task<bool> AnswersAsync(IBus bus)
    {
        try
        {
            return await bus.RequestAsync<string, string>("echo", "there?") == "there?";
        }
        catch (Exception e) when (e is NoRespondersException or BusDisconnectedException)
        {
            return false;
        }
    }

    private Task<ToolProcess> SubscribeAsync(string filter, int count) => StartReadyAsync("subscribed", "sub", filter, "--raw", "--count", $"{count}");
}
