using System.Collections.Concurrent;
using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Tests.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>Headers stay with their message, there and back, in every pattern: between processes, and over <c>kill -9</c> as far as the message is kept.</summary>
public abstract class HeaderKillContract(string url) : DaemonContract(url)
{
    private const string Odd = "grüße, \"a\" = b; {1}";

    [Fact]
    public async Task What_a_process_sends_has_its_headers_and_so_has_its_answer()
    {
        await using var bus = await ConnectAsync("service");
        var arrived = new ConcurrentDictionary<string, string>();
        async ValueTask AnswerAsync(BusMessage<string> message, CancellationToken token)
        {
            arrived[message.Headers["Pattern"]!] = message.Headers["Odd"]!;
            if (message.ReplyTo is not null) await message.ReplyAsync("done", new BusHeaders { ["Back"] = $"{message.Headers["Pattern"]} {Odd}" }, token);
        }

        await using var topics = await bus.OpenSubscriptionAsync<string>("t.*", AnswerAsync).Guard();
        // An answer of one's own, with headers, is the confirmation of a delivery.
        await using var inbox = await bus.OpenSubscriptionAsync<string>(new([SystemTopics.InboxOf("service"), SystemTopics.Broadcasts]), AnswerAsync).Guard();
        (string Pattern, string[] Command)[] all =
        [
            ("publish", ["pub", "t.a", "x"]),
            ("confirmed", ["pub", "t.a", "x", "--confirm"]),
            ("retained", ["pub", "t.kept", "x", "--retain"]),
            ("send", ["send", "service", "x"]),
            ("broadcast", ["broadcast", "news", "x"]),
            ("request", ["request", "t.a", "x", "--json", "--timeout", "1m"]),
            ("survey", ["survey", "t.a", "x", "--json", "--timeout", "1m"]),
            ("deliver", ["deliver", "service", "x", "--json", "--timeout", "1m"]),
        ];
        foreach (var (pattern, command) in all)
        {
            await using var process = StartIpcBus([.. command, "--header", $"Pattern={pattern}", "--header", $"Odd={Odd}"]);
            Assert.Equal((0, ""), (await process.ExitAsync(), pattern == "survey" ? "" : process.Errors.Text));
            await Eventually.HoldsAsync(() => arrived.GetValueOrDefault(pattern) == Odd, () => $"Of '{pattern}' the header '{arrived.GetValueOrDefault(pattern)}' arrived.");
            if (command.Contains("--json")) Assert.Contains($"\"Back\":[\"{pattern} {Odd.Replace("\"", "\\\"", StringComparison.Ordinal)}\"]", process.Output.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_a_process_gets_has_its_headers_when_it_wakes_up()
    {
        await using var bus = await ConnectAsync();
        await using var sub = await StartReadyAsync("subscribed", "sub", "t.*", "--json");
        await using var inbox = await StartReadyAsync("subscribed", "inbox", "frozen", "--json");
        foreach (var process in new[] { sub, inbox }) await process.FreezeAsync();

        await bus.PublishAsync("t.a", "x", new PublishOptions { Headers = Headers("publish") });
        await bus.PublishConfirmedAsync("t.a", "x", new PublishOptions { Headers = Headers("confirmed") }, Never).Guard();
        await bus.PublishConfirmedAsync("t.kept", "x", new PublishOptions { Headers = Headers("retained"), Retain = true }, Never).Guard();
        await bus.SendAsync("frozen", "x", new SendOptions { Headers = Headers("send") }).Guard();
        await bus.BroadcastAsync("news", "x", new BroadcastOptions { Headers = Headers("broadcast") });
        var delivered = bus.DeliverAsync("frozen", "x", new DeliverOptions { Headers = Headers("deliver"), Timeout = Never });
        // Onlookers get requests and questions too.
        using var enough = new CancellationTokenSource();
        var request = bus.RequestMessageAsync<string, string>("t.a", "x", new RequestOptions { Headers = Headers("request"), Timeout = Never }, enough.Token);
        var survey = bus.SurveyAsync<string, string>("t.a", "x", new SurveyOptions { Headers = Headers("survey"), Timeout = Never }, enough.Token);
        await bus.FlushAsync().Guard();
        Assert.DoesNotContain([delivered, request, survey], call => call.IsCompleted);
        foreach (var process in new[] { sub, inbox }) await process.SignalAsync("CONT");

        foreach (var pattern in new[] { "publish", "confirmed", "retained", "request", "survey" }) await sub.Output.WaitForAsync($"\"Pattern\":[\"{pattern}\"]");
        foreach (var pattern in new[] { "send", "broadcast", "deliver" }) await inbox.Output.WaitForAsync($"\"Pattern\":[\"{pattern}\"]");
        await delivered.Guard();
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request.Guard());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => survey.Guard());
    }

    [Fact]
    public async Task What_was_sent_while_the_bus_was_killed_and_away_has_its_headers_when_it_is_back()
    {
        await using var bus = await ConnectAsync("sender");
        await using var other = await ConnectAsync("other");
        var arrived = new ConcurrentQueue<string>();
        ValueTask Keep(BusMessage<string> message, CancellationToken token)
        {
            arrived.Enqueue($"{message.Headers["Pattern"]}: {message.Headers["Odd"]}");
            return default;
        }

        await using var topics = await bus.OpenSubscriptionAsync<string>("t.*", Keep).Guard();
        await using var own = await bus.OpenInboxAsync<string>(Keep).Guard();
        await using var inbox = await StartReadyAsync("subscribed", "inbox", "process", "--json");
        await using var responder = await other.OpenSubscriptionAsync<string>("ask", (message, token) => message.ReplyAsync("done", new BusHeaders { ["Back"] = message.Headers["Odd"]! }, token)).Guard();
        // Under way when it is killed, and asked when it is gone.
        await Daemon.FreezeAsync();
        Task<BusMessage<string>> Ask() => bus.RequestMessageAsync<string, string>("ask", "x", new RequestOptions { Headers = Headers("request"), SafeToRetry = true, Timeout = Never });
        Task Deliver(string pattern) => bus.DeliverAsync("process", "x", new DeliverOptions { Headers = Headers(pattern), SafeToRetry = true, Timeout = Never });
        var (asked, delivered, lost) = (Ask(), Deliver("deliver under way"), bus.NextAsync(BusState.Reconnecting));
        await KillDaemonAsync();
        await lost;
        var (askedAway, deliveredAway) = (Ask(), Deliver("deliver"));
        await bus.PublishAsync("t.a", "x", new PublishOptions { Headers = Headers("publish") });
        var confirmed = bus.PublishConfirmedAsync("t.a", "x", new PublishOptions { Headers = Headers("confirmed") }, Never);
        var retained = bus.PublishConfirmedAsync("t.kept", "x", new PublishOptions { Headers = Headers("retained"), Retain = true }, Never);
        await bus.BroadcastAsync("news", "x", new BroadcastOptions { Headers = Headers("broadcast") });

        await StartDaemonAsync();

        foreach (var answer in await Task.WhenAll(asked, askedAway).Guard()) Assert.Equal(Odd, answer.Headers["Back"]);
        await Task.WhenAll(delivered, deliveredAway, confirmed, retained).Guard();
        foreach (var pattern in new[] { "deliver", "deliver under way" }) await inbox.Output.WaitForAsync($"\"Pattern\":[\"{pattern}\"]");
        await Eventually.HoldsAsync(() => arrived.Count == 4, () => $"{string.Join(", ", arrived)} arrived.");
        Assert.Equal([$"broadcast: {Odd}", $"confirmed: {Odd}", $"publish: {Odd}", $"retained: {Odd}"], arrived.Order(StringComparer.Ordinal));
        await using var late = StartIpcBus("sub", "t.kept", "--json", "--count", "1");
        Assert.Equal(0, await late.ExitAsync());
        Assert.Contains("\"Pattern\":[\"retained\"]", late.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_value_of_a_publisher_that_is_killed_keeps_its_headers()
    {
        await using var publisher = StartIpcBus("pub", "t.kept", "--lines", "--retain", "--header", "Pattern=retained", "--header", $"Odd={Odd}");
        await using var bus = await ConnectAsync();
        await using var live = await bus.OpenSubscriptionAsync<string>("t.kept").Guard();
        await publisher.WriteAsync("kept\n");
        Assert.Equal(Odd, Assert.Single(await live.TakeAsync(1)).Headers["Odd"]);

        await publisher.SignalAsync("KILL");

        var value = (await bus.GetRetainedAsync<string>("t.kept").Guard())!;
        Assert.Equal(("kept", "retained", Odd, true), (value.Data, value.Headers["Pattern"], value.Headers["Odd"], value.IsRetained));
        await using var late = StartIpcBus("sub", "t.kept", "--json", "--count", "1");
        Assert.Equal(0, await late.ExitAsync());
        Assert.Contains("\"Pattern\":[\"retained\"]", late.Output.Text, StringComparison.Ordinal);
    }

    private static BusHeaders Headers(string pattern) => new() { ["Pattern"] = pattern, ["Odd"] = Odd };
}

public sealed class UnixHeaderKillTests() : HeaderKillContract("bus");

public sealed class TcpHeaderKillTests() : HeaderKillContract(new RestartingTcpBus().Endpoint.ToString());
