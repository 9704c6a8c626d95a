using System.Globalization;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Connections;

/// <summary>What a plain NATS client relies on, byte by byte, over a real socket.</summary>
public abstract class ServerProtocolContract(BusScheme over) : IAsyncLifetime
{
    private readonly TestBus _bus = new() { Over = over };

    public Task InitializeAsync() => _bus.StartAsync();

    public Task DisposeAsync() => _bus.DisposeAsync().AsTask();

    [Fact]
    public Task A_subscription_and_a_publish_in_one_write_deliver_before_the_pong() =>
        AnswersAsync("SUB a 1\r\nPUB a 2\r\nhi\r\n", "MSG a 1 2\r\nhi\r\n");

    [Fact]
    public Task What_was_published_before_the_subscription_is_not_delivered() =>
        AnswersAsync("PUB a 3\r\nold\r\nSUB a 1\r\nPUB a 3\r\nnew\r\n", "MSG a 1 3\r\nnew\r\n");

    [Fact]
    public Task What_was_published_before_the_end_of_the_subscription_is_delivered() =>
        AnswersAsync("SUB a 1\r\nPUB a 3\r\nold\r\nUNSUB 1\r\nPUB a 3\r\nnew\r\n", "MSG a 1 3\r\nold\r\n");

    [Fact]
    public async Task An_old_style_request_in_one_write_gets_its_single_answer()
    {
        using var service = await _bus.ConnectAsync();
        await service.FlushAsync("SUB svc 1\r\n");
        using var client = await _bus.ConnectAsync();

        await client.SendAsync("SUB _INBOX.x 7\r\nUNSUB 7 1\r\nPUB svc _INBOX.x 2\r\nhi\r\n");
        await service.TakeUntilAsync("MSG svc 1 _INBOX.x 2\r\nhi\r\n");
        await service.FlushAsync("PUB _INBOX.x 5\r\nfirst\r\nPUB _INBOX.x 6\r\nsecond\r\n");

        Assert.Equal("", await client.TakeUntilAsync("MSG _INBOX.x 7 5\r\nfirst\r\n"));
        Assert.Equal("", await client.FlushAsync());
    }

    [Fact]
    public Task A_request_without_responders_is_answered_at_once() =>
        AnswersAsync("SUB _INBOX.* 9\r\nPUB nobody _INBOX.1 0\r\n\r\n", "HMSG _INBOX.1 9 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");

    [Fact]
    public Task A_client_that_did_not_ask_for_no_responders_hears_nothing() =>
        AnswersAsync("SUB _INBOX.* 9\r\nPUB nobody _INBOX.1 0\r\n\r\n", "", """CONNECT {"verbose":false,"pedantic":false}""");

    [Fact]
    public async Task Echo_off_keeps_a_clients_own_messages_from_it()
    {
        using var quiet = await _bus.ConnectAsync("""CONNECT {"verbose":false,"pedantic":false,"echo":false,"headers":true,"no_responders":true}""");
        using var other = await _bus.ConnectAsync();
        await other.FlushAsync("SUB a 1\r\n");

        Assert.Equal("", await quiet.FlushAsync("SUB a 1\r\nPUB a 2\r\nhi\r\n"));
        await other.TakeUntilAsync("MSG a 1 2\r\nhi\r\n");
    }

    [Fact]
    public async Task A_request_that_only_the_requester_itself_could_answer_with_echo_off_has_no_responders()
    {
        using var quiet = await _bus.ConnectAsync("""CONNECT {"verbose":false,"pedantic":false,"echo":false,"headers":true,"no_responders":true}""");
        await quiet.FlushAsync("SUB a 1\r\nSUB _INBOX.* 2\r\n");

        await quiet.SendAsync("PUB a _INBOX.1 0\r\n\r\n");

        await quiet.TakeUntilAsync("HMSG _INBOX.1 2 16 16\r\nNATS/1.0 503\r\n\r\n\r\n");
    }

    [Fact]
    public async Task Headers_go_to_clients_that_understand_them_and_the_bare_payload_to_others()
    {
        using var modern = await _bus.ConnectAsync();
        using var old = await _bus.ConnectAsync("""CONNECT {"verbose":false,"pedantic":false}""");
        await modern.FlushAsync("SUB a 1\r\n");
        await old.FlushAsync("SUB a 1\r\n");

        await modern.SendAsync("HPUB a 22 24\r\nNATS/1.0\r\nKey: val\r\n\r\nhi\r\n");

        await modern.TakeUntilAsync("HMSG a 1 22 24\r\nNATS/1.0\r\nKey: val\r\n\r\nhi\r\n");
        await old.TakeUntilAsync("MSG a 1 2\r\nhi\r\n");
    }

    [Fact]
    public async Task Unsub_with_a_maximum_counts_what_was_already_delivered()
    {
        using var client = await _bus.ConnectAsync();

        var received = await client.FlushAsync("SUB a 1\r\nPUB a 1\r\n1\r\nUNSUB 1 2\r\nPUB a 1\r\n2\r\nPUB a 1\r\n3\r\n");

        Assert.Equal("MSG a 1 1\r\n1\r\nMSG a 1 1\r\n2\r\n", received);
    }

    [Fact]
    public async Task Thousands_of_pipelined_subscriptions_are_all_there_for_the_next_publish()
    {
        const int Count = 5_000;
        using var client = await _bus.ConnectAsync();
        var subs = string.Concat(Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"SUB many.{i} {i}\r\n")));
        var pubs = string.Concat(Enumerable.Range(0, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"PUB many.{i} 1\r\nx\r\n")));

        var received = await client.FlushAsync(subs + pubs);

        Assert.Equal(Count, received.Split("MSG many.").Length - 1);
    }

    [Fact]
    public async Task A_queue_group_gets_each_message_once_and_shares_them()
    {
        using var first = await _bus.ConnectAsync();
        using var second = await _bus.ConnectAsync();
        await first.FlushAsync("SUB jobs workers 1\r\n");
        await second.FlushAsync("SUB jobs workers 1\r\n");
        using var publisher = await _bus.ConnectAsync();

        await publisher.FlushAsync(string.Concat(Enumerable.Repeat("PUB jobs 1\r\nx\r\n", 100)));

        Assert.Equal(50, (await first.FlushAsync()).Split("MSG jobs").Length - 1);
        Assert.Equal(50, (await second.FlushAsync()).Split("MSG jobs").Length - 1);
    }

    [Fact]
    public async Task A_queue_name_shared_by_overlapping_filters_gets_one_copy()
    {
        using var client = await _bus.ConnectAsync();

        var received = await client.FlushAsync("SUB a.* q 1\r\nSUB a.b q 2\r\nSUB a.b 3\r\n" + string.Concat(Enumerable.Repeat("PUB a.b 1\r\nx\r\n", 10)));

        Assert.Equal(10, received.Split("MSG a.b 3 ").Length - 1);
        Assert.Equal(10, received.Split("MSG a.b 1 ").Length + received.Split("MSG a.b 2 ").Length - 2);
    }

    [Fact]
    public async Task A_verbose_client_gets_an_ok_for_each_operation()
    {
        using var client = await _bus.ConnectAsync("");
        await client.SendAsync("CONNECT {\"verbose\":true,\"pedantic\":false}\r\nSUB a 1\r\nPUB b 1\r\nx\r\nUNSUB 1\r\nPING\r\n");

        Assert.Equal("+OK\r\n+OK\r\n+OK\r\n+OK\r\n", await client.TakeUntilAsync("PONG\r\n"));
    }

    [Theory]
    [InlineData("SUB a..b 1\r\n", "-ERR 'Invalid Subject'\r\n")]
    [InlineData("SUB a.>.b 1\r\n", "-ERR 'Invalid Subject'\r\n")]
    public Task A_bad_subscription_is_refused_and_the_connection_goes_on(string line, string error) =>
        AnswersAsync(line, error);

    [Theory]
    [InlineData("HELO there\r\n", "-ERR 'Unknown Protocol Operation'")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "-ERR 'Unknown Protocol Operation'")]
    [InlineData("PUB a 99999999\r\n", "-ERR 'Maximum Payload Violation'")]
    [InlineData("PUB a x\r\n", "-ERR 'Parser Error'")]
    public async Task A_broken_protocol_is_answered_with_an_error_and_the_connection_closes(string line, string error)
    {
        using var client = await _bus.ConnectAsync();
        using var other = await _bus.ConnectAsync();
        await client.SendAsync("PING\r\n" + line);

        Assert.Equal("PONG\r\n" + error + "\r\n", await client.ReadToEndAsync());
        Assert.Equal("MSG a 1 2\r\nok\r\n", await other.FlushAsync("SUB a 1\r\nPUB a 2\r\nok\r\n"));
    }

    [Fact]
    public async Task A_line_without_end_is_cut_off()
    {
        using var client = await _bus.ConnectAsync();
        await client.SendAsync("SUB " + new string('x', 100_000));

        Assert.Equal("-ERR 'maximum control line exceeded'\r\n", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task A_frame_that_comes_byte_by_byte_is_a_frame()
    {
        using var client = await _bus.ConnectAsync();
        foreach (var c in "SUB a 1\r\nPUB a 5\r\nhello\r\n") await client.SendAsync(c.ToString());

        Assert.Equal("MSG a 1 5\r\nhello\r\n", await client.FlushAsync());
    }

    [Fact]
    public async Task A_large_payload_arrives_whole()
    {
        var payload = new string('p', 1024 * 1024);
        using var client = await _bus.ConnectAsync();

        Assert.Equal($"MSG a 1 1048576\r\n{payload}\r\n", await client.FlushAsync($"SUB a 1\r\nPUB a 1048576\r\n{payload}\r\n"));
    }

    [Fact]
    public async Task Pongs_come_in_the_order_of_the_pings_and_behind_what_was_published_before()
    {
        using var client = await _bus.ConnectAsync();
        await client.SendAsync("SUB a 1\r\nPUB a 1\r\n1\r\nPING\r\nPUB a 1\r\n2\r\nPING\r\nPING\r\n");

        Assert.Equal("MSG a 1 1\r\n1\r\n", await client.TakeUntilAsync("PONG\r\n"));
        Assert.Equal("MSG a 1 1\r\n2\r\n", await client.TakeUntilAsync("PONG\r\n"));
        Assert.Equal("", await client.TakeUntilAsync("PONG\r\n"));
    }

    /// <summary>What a new client gets for what it sends, before the PONG to its PING.</summary>
    private async Task AnswersAsync(string sent, string expected, string? connect = null)
    {
        using var client = await _bus.ConnectAsync(connect);

        Assert.Equal(expected, await client.FlushAsync(sent));
    }
}
