using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Rpc;
using Bus.Core.Streams;
using Bus.Tests.Client;

namespace Bus.Tests.Streams;

/// <summary>Services and callers made by hand, as in another language, that do not keep to the protocol.</summary>
public sealed class StreamFaultTests : BusContract<LocalBusFixture>
{
    private static readonly StreamCallOptions Patient = new() { Timeout = TimeSpan.FromMinutes(10) };

    private IBus _bus = null!;
    private string _inbox = "";

    [Theory]
    [InlineData("1 2 3 end4", null)]
    [InlineData("1 3", "item 2 was next, and 3 came: something was lost")]
    [InlineData("1 2 2", "item 3 was next, and 2 came: it came twice")]
    [InlineData("2", "item 1 was next, and 2 came: something was lost")]
    [InlineData("1 2 end4", "item 3 was next, and 4 came: something was lost")]
    [InlineData("1 2 end2", "item 3 was next, and 2 came: it came twice")]
    [InlineData("x", "item 1 was next, and 0 came")]
    public async Task A_reader_sees_what_is_lost_or_repeated(string script, string? wrong)
    {
        await using var service = await ServeAsync(async _ =>
        {
            foreach (var step in script.Split(' '))
            {
                if (step.StartsWith("end", StringComparison.Ordinal)) await TellAsync("end", step[3..]);
                else await TellAsync("item", step);
            }
        });
        var reading = _bus.CallStreamAsync<string, int>("by", "hand", "", Patient).ForEachAsync(_ => { });

        if (wrong is null) await reading.Guard();
        else Assert.Contains(wrong, (await Assert.ThrowsAsync<StreamBrokenException>(() => reading.Guard())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_takes_a_stream_on_and_is_not_there_is_lost()
    {
        await using var service = await ServeAsync(async _ => await TellAsync("item", "1"), inbox: "_INBOX.nobody.there");
        await using var reading = _bus.CallDuplexAsync<int, int>("by", "hand", AsyncEnumerable.Range(0, 3), Patient).GetAsyncEnumerator();
        // Nobody subscribes to the inbox that it names.
        await Assert.ThrowsAsync<ResponderLostException>(async () =>
        {
            while (await reading.MoveNextAsync().AsTask().Guard())
            {
                // What came before is read first.
            }
        });
    }

    [Fact]
    public async Task An_answer_that_is_no_stream_and_one_without_an_inbox_are_refused()
    {
        _bus = await Fixture.ConnectAsync();
        await using var plain = await _bus.RespondAsync<string, string>("by.plain", (_, _) => new("an answer")).Guard();
        await using var without = await _bus.OpenSubscriptionAsync<string>("by.without", (message, token) => message.ReplyAsync("", new BusHeaders { ["Bus-Stream"] = "open" }, token)).Guard();

        var error = await Assert.ThrowsAsync<StreamBrokenException>(() => _bus.CallStreamAsync<string, int>("by", "plain", "", Patient).CountAsync().AsTask().Guard());
        Assert.Equal(BusErrors.StreamBroken, error.Error);
        await Assert.ThrowsAsync<StreamBrokenException>(() => _bus.CallStreamAsync<string, int>("by", "without", "", Patient).CountAsync().AsTask().Guard());
    }

    [Fact]
    public async Task An_upload_with_two_answers_or_none_is_refused()
    {
        await using (await ServeAsync(async _ =>
        {
            await TellAsync("item", "1");
            await TellAsync("item", "2");
            await TellAsync("end", "3");
        }))
        {
            await Assert.ThrowsAsync<StreamBrokenException>(() => _bus.CallUploadAsync<int, int>("by", "hand", AsyncEnumerable.Empty<int>(), Patient).Guard());
        }

        await using (await ServeAsync(async _ => await TellAsync("end", "1")))
        {
            await Assert.ThrowsAsync<StreamBrokenException>(() => _bus.CallUploadAsync<int, int>("by", "hand", AsyncEnumerable.Empty<int>(), Patient).Guard());
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a.*")]
    [InlineData("a b")]
    [InlineData("_INBOX.a*b")]
    [InlineData("_INBOX.")]
    [InlineData("$BUS.EVENT.x")]
    [InlineData("somebody.elses")]
    public async Task A_call_that_names_no_inbox_is_refused(string? inbox)
    {
        _bus = await Fixture.ConnectAsync();
        await using var service = await _bus.ServeAsync("numbers", s => s.Stream<string, int>("all", (_, _) => AsyncEnumerable.Range(0, 3))).Guard();
        var headers = new BusHeaders { ["Bus-Stream"] = "open" };
        if (inbox is not null) headers["Bus-Stream-Inbox"] = inbox;

        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => _bus.RequestMessageAsync<string, string>("numbers.all", "", new RequestOptions { Headers = headers }).Guard());

        Assert.Equal((400, BusErrors.StreamBroken), (error.Code, error.Error));
        Assert.Equal([0, 1, 2], await _bus.CallStreamAsync<string, int>("numbers", "all", "", Patient).ToListAsync().AsTask().Guard());
        await service.DrainAsync().Guard();
    }

    [Fact]
    public async Task A_service_that_names_no_inbox_is_sent_nothing()
    {
        await using var service = await ServeAsync(_ => Task.CompletedTask, inbox: "somebody.elses");

        await Assert.ThrowsAsync<StreamBrokenException>(() => _bus.CallDuplexAsync<int, int>("by", "hand", AsyncEnumerable.Range(0, 3), Patient).CountAsync().AsTask().Guard());
    }

    [Fact]
    public async Task A_reader_that_has_said_stop_gets_no_end()
    {
        _bus = await Fixture.ConnectAsync();
        await using var service = await _bus.ServeAsync("numbers", s => s.Stream<string, int>("all", (_, _) => AsyncEnumerable.Range(0, 1000))).Guard();
        await using var inbox = await _bus.OpenSubscriptionAsync<string>("_INBOX.mine").Guard();
        var answer = await _bus.RequestMessageAsync<string, string>("numbers.all", "", new RequestOptions { Headers = new BusHeaders { ["Bus-Stream"] = "open", ["Bus-Stream-Inbox"] = "_INBOX.mine", ["Bus-Stream-Items"] = "3", ["Bus-Stream-Bytes"] = "1000" } }).Guard();
        Assert.Equal(["0", "1", "2"], await inbox.TakeDataAsync(3));

        await _bus.PublishAsync(answer.Headers["Bus-Stream-Inbox"]!, "", new PublishOptions { Headers = new BusHeaders { ["Bus-Stream"] = "stop" } });
        await service.DrainAsync().Guard();
        await _bus.PublishAsync("_INBOX.mine", "that was all");

        Assert.Equal(["that was all"], await inbox.TakeDataAsync(1));
    }

    [Fact]
    public async Task A_caller_without_any_of_our_names_can_read_a_stream()
    {
        _bus = await Fixture.ConnectAsync();
        await using var service = await _bus.ServeAsync("numbers", s => s.Stream<string, int>("all", (_, _) => AsyncEnumerable.Range(0, 10))).Guard();
        await using var inbox = await _bus.OpenSubscriptionAsync<string>("_INBOX.mine").Guard();

        var answer = await _bus.RequestMessageAsync<string, string>("numbers.all", "", new RequestOptions { Headers = new BusHeaders { ["Bus-Stream"] = "open", ["Bus-Stream-Inbox"] = "_INBOX.mine", ["Bus-Stream-Items"] = "3", ["Bus-Stream-Bytes"] = "1000" } }).Guard();
        Assert.Equal("open", answer.Headers["Bus-Stream"]);
        Assert.Equal(["0", "1", "2"], await inbox.TakeDataAsync(3));
        await _bus.PublishAsync(answer.Headers["Bus-Stream-Inbox"]!, "", new PublishOptions { Headers = new BusHeaders { ["Bus-Stream"] = "credit", ["Bus-Stream-Items"] = "100", ["Bus-Stream-Bytes"] = "1000" } });
        var rest = await inbox.TakeAsync(8);
        Assert.Equal(["3", "4", "5", "6", "7", "8", "9", ""], rest.Select(message => message.Data));
        Assert.Equal(("end", "11"), (rest[7].Headers["Bus-Stream"], rest[7].Headers["Bus-Stream-Number"]));
    }

    /// <summary>A method by hand: takes each call on, then does what the script says.</summary>
    private async Task<ISubscription> ServeAsync(Func<BusMessage<string>, Task> script, string inbox = "_INBOX.by.hand")
    {
        _bus = await Fixture.ConnectAsync();
        await _bus.OpenSubscriptionAsync<byte[]>("_INBOX.by.hand", (_, _) => default).Guard();
        return await _bus.OpenSubscriptionAsync<string>("by.hand", async (message, token) =>
        {
            _inbox = message.Headers["Bus-Stream-Inbox"]!;
            await message.ReplyAsync("", new BusHeaders { ["Bus-Stream"] = "open", ["Bus-Stream-Inbox"] = inbox, ["Bus-Stream-Items"] = "10", ["Bus-Stream-Bytes"] = "1000" }, token);
            await script(message);
        }).Guard();
    }

    private ValueTask TellAsync(string kind, string number, int item = 7) =>
        _bus.PublishAsync(_inbox, kind == "item" ? item.ToString(CultureInfo.InvariantCulture) : "", new PublishOptions { Headers = new BusHeaders { ["Bus-Stream"] = kind, ["Bus-Stream-Number"] = number } });
}
