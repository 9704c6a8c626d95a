using System.Globalization;
using System.Text;
using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Tests.Client;
using Bus.Tests.Transport.Connections;
using Bus.Transport.Client;

namespace Bus.Tests.Rpc;

/// <summary>A caller without this library that asks the bus to call for it, which tells everything apart.</summary>
public sealed class RelayedCallerTests : NatsCallerContract
{
    private const string InfoType = "io.nats.micro.v1.info_response";

    protected override int StatusOfBus => 502;

    protected override string Prefix => "$BUS.CALL.";

    private protected override (string Name, string Value)[] Marks => [];

    [Fact]
    public async Task An_unknown_service_or_method_is_told_with_those_that_there_are()
    {
        await using var service = await Bus.Local.ServeAsync("work", s => s.Endpoint<int, int>("do", (n, _) => n)).Guard();

        Assert.Equal(new Failure(BusErrors.ServiceNotFound, 404, "No service 'wrok' is on the bus: start it, or check the name. There are: work."), await AskAsync("wrok.do", "1").Guard());
        Assert.Equal(new Failure(BusErrors.MethodNotFound, 404, "The service 'work' has no method 'od'. There are: do."), await AskAsync("work.od", "1").Guard());
        Assert.Equal(new Failure(BusErrors.ServiceNotFound, 404, "No service 'work (instance x)' is on the bus: start it, or check the name. There are: work."), await AskAsync("work.x.do", "1").Guard());
    }

    [Fact]
    public async Task One_instance_is_called_by_its_id()
    {
        await using var one = await Bus.Local.ServeAsync("work", s => s.Endpoint<int, int>("do", (n, _) => 2 * n)).Guard();
        await using var other = await Bus.Local.ServeAsync("work", s => s.Endpoint<int, int>("do", (n, _) => 3 * n)).Guard();

        Assert.Equal(["14"], await AnswersAsync($"work.{one.Id}.do", "7"));
        Assert.Equal(["21"], await AnswersAsync($"work.{other.Id}.do", "7"));
    }

    [Fact]
    public async Task A_method_of_another_library_is_found_where_it_is_and_found_again_when_it_has_moved()
    {
        var at = "numbers.sum";
        await using var info = await AnswerAsync("$SRV.INFO.maths.1", () => Info("maths", at));
        await using (await AnswerAsync(at, () => "6"))
        {
            Assert.Equal(["6"], await AnswersAsync("maths.add", "[1,2,3]"));
            Assert.Equal(["6"], await AnswersAsync("maths.add", "[1,2,3]"));
        }

        at = "numbers.total";
        await using var moved = await AnswerAsync(at, () => "7");
        Assert.Equal(["7"], await AnswersAsync("maths.add", "[1,2,3]"));
        // One instance alone cannot be reached on a topic that all of them share.
        Assert.Equal((BusErrors.NoResponders, 404), await CodeAsync("maths.1.add"));
    }

    /// <summary>The bus may publish where its clients may not.</summary>
    [Theory]
    [InlineData("$BUS.EVENT.LEAVE.me")]
    [InlineData("_INBOX.me")]
    [InlineData("$SRV.PING")]
    [InlineData("numbers.*")]
    public async Task A_service_cannot_have_the_bus_publish_for_it(string topic)
    {
        await using var info = await AnswerAsync("$SRV.INFO.maths.1", () => Info("maths", topic));

        Assert.Equal((BusErrors.NoResponders, 404), await CodeAsync("maths.add"));
    }

    [Theory]
    [InlineData("work")]
    [InlineData("work.do.it.now")]
    [InlineData("$SRV.PING")]
    [InlineData("$BUS.CLIENTS")]
    [InlineData("_INBOX.me")]
    [InlineData("wörk.do")]
    public async Task What_names_no_method_is_refused(string name)
    {
        var failure = await AskAsync(name, "1").Guard();

        Assert.Equal((BusErrors.BadRequest, 400), (failure.Code, failure.Status));
        Assert.Contains("calls nothing", failure.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_is_refused()
    {
        var failure = await AskAsync("work.do", "1", ("Bus-Stream", "open")).Guard();

        Assert.Equal(new Failure(BusErrors.BadRequest, 400, "A stream is not passed on, because both sides talk: ask 'work.do' for it."), failure);
    }

    [Fact]
    public async Task Who_takes_it_and_says_nothing_has_until_the_deadline()
    {
        await using var silent = await Bus.Local.OpenSubscriptionAsync<string>("work.do").Guard();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        var late = await AskAsync("work.do", "1", ("Bus-Deadline", (now + 20).ToString(CultureInfo.InvariantCulture))).Guard();
        Assert.Equal(new Failure(BusErrors.DeadlineExceeded, 504, "No answer came from 'work.do' within the time that its caller gave the call."), late);
        foreach (var over in (string[])["1", "-1", "-9223372036854775808"]) Assert.Equal((BusErrors.DeadlineExceeded, 504), await CodeAsync("work.do", ("Bus-Deadline", over)));
    }

    [Fact]
    public async Task It_ends_when_its_caller_cancels_it_or_dies()
    {
        using var begun = new SemaphoreSlim(0);
        using var ended = new SemaphoreSlim(0);
        await using var service = await Bus.Local.ServeAsync("work", s => s.Endpoint<int, int>("do", async (n, context) =>
        {
            context.CancellationToken.Register(() => ended.Release());
            begun.Release();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            return n;
        })).Guard();

        var cancelled = AskAsync("work.do", "1", ("Bus-Call", "mine"));
        await begun.WaitAsync().Guard();
        using var caller = await RawClient.ConnectAsync(Bus.Nats);
        await caller.SendAsync("PUB $SRV.CANCEL.work 4\r\nmine\r\n");
        await ended.WaitAsync().Guard();
        Assert.Equal(BusErrors.Cancelled, (await cancelled.Guard()).Code);

        await caller.SendAsync("PUB $BUS.CALL.work.do _INBOX.me.1 1\r\n1\r\n");
        await begun.WaitAsync().Guard();
        caller.Dispose();
        await ended.WaitAsync().Guard();
    }

    [Fact]
    public async Task A_call_without_a_reply_to_is_carried_out()
    {
        var called = new TaskCompletionSource<int>();
        await using var service = await Bus.Local.ServeAsync("work", s => s.Endpoint<int, int>("do", (n, _) => n)).Guard();
        await using var heard = await Bus.Local.OpenSubscriptionAsync<int>("work.do", (message, _) =>
        {
            called.SetResult(message.Data);
            return ValueTask.CompletedTask;
        }).Guard();
        using var caller = await RawClient.ConnectAsync(Bus.Nats);

        await caller.SendAsync("PUB $BUS.CALL.work.do 1\r\n7\r\n");

        Assert.Equal(7, await called.Task.Guard());
    }

    [Fact]
    public async Task One_caller_does_not_take_the_places_of_all_and_has_them_back()
    {
        await using var silent = await BusClient.ConnectAsync(Bus.Nats);
        var (waiting, all) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var subscription = await silent.OpenSubscriptionAsync<string>("work.do", (_, _) =>
        {
            if (++waiting == 1000) all.SetResult();
            return default;
        }).Guard();
        await using var service = await Bus.Local.ServeAsync("other", s => s.Endpoint<int, int>("do", (n, _) => n)).Guard();
        using var caller = await RawClient.ConnectAsync(Bus.Nats);

        await caller.SendAsync("SUB _INBOX.me.1 1\r\n" + string.Concat(Enumerable.Repeat("PUB $BUS.CALL.work.do _INBOX.me.1 1\r\n1\r\n", 1001)));

        // The one that is too many is answered at once,
        Assert.Contains("Bus-Error: busy", await caller.TakeUntilAsync("\r\n\r\n\r\n"), StringComparison.Ordinal);
        Assert.Equal(["7"], await AnswersAsync("other.do", "7"));
        // and the others when nobody has them any more.
        await all.Task.Guard();
        await silent.AbortAsync();
        for (var i = 0; i < 1000; i++) Assert.Contains("Bus-Error: responder-lost", await caller.TakeUntilAsync("\r\n\r\n\r\n"), StringComparison.Ordinal);
        await caller.SendAsync("PUB $BUS.CALL.other.do _INBOX.me.1 1\r\n8\r\n");
        Assert.Equal("MSG _INBOX.me.1 1 1\r\n", await caller.TakeUntilAsync("8\r\n"));
    }

    private static string Info(string service, string topic) =>
        $$"""{"type":"{{InfoType}}","name":"{{service}}","id":"1","version":"1.0.0","endpoints":[{"name":"add","subject":"{{topic}}"}]}""";

    private async Task<(string Code, int Status)> CodeAsync(string topic, params (string Name, string Value)[] headers)
    {
        var failure = await AskAsync(topic, "1", headers).Guard();
        return (failure.Code, failure.Status);
    }

    private async Task<IAsyncDisposable> AnswerAsync(string topic, Func<string> answer)
    {
        var subscription = await Bus.Local.OpenSubscriptionAsync<byte[]>(topic, async (message, token) => await message.ReplyAsync(Encoding.UTF8.GetBytes(answer()), headers: null, token), options: null).Guard();
        await Bus.Local.FlushAsync().Guard();
        return subscription;
    }
}
