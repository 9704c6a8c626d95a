using Bus.Core;
using Bus.Core.Routing;

namespace Bus.Tests.Transport.Connections;

/// <summary>What a plain NATS client sees of declared topics.</summary>
public sealed class DeclaredTopicTests
{
    private const string Inbox = "SUB _INBOX.me 9\r\n";

    [Fact]
    public async Task What_is_not_declared_is_refused_with_a_line_that_says_why_and_the_connection_goes_on()
    {
        await using var bus = new TestBus { Rules = new TopicRules(TopicCreation.Declared) };
        await bus.StartAsync();
        using var client = await bus.ConnectAsync();

        const string Reason = "No such topic is declared, and on this bus only declared topics can be used: declare it ($BUS.TOPICS.CREATE).";
        Assert.Equal($"-ERR 'Permissions Violation for Publish to \"a\": {Reason} (topic-undeclared)'\r\n", await client.FlushAsync("PUB a 2\r\nhi\r\n"));
        Assert.Equal($"-ERR 'Permissions Violation for Publish to \"a\": {Reason} (topic-undeclared)'\r\n", await client.FlushAsync("PUB $BUS.RETAIN.a 2\r\nhi\r\n"));
        Assert.Equal($"-ERR 'Permissions Violation for Subscription to \"a\": {Reason} (topic-undeclared, sid 7)'\r\n", await client.FlushAsync("SUB a 7\r\n"));
        Assert.Equal($"-ERR 'Permissions Violation for Subscription to \"a\" using queue \"q\": {Reason} (topic-undeclared, sid 7)'\r\n", await client.FlushAsync("SUB a q 7\r\n"));
        var answer = await client.FlushAsync(Inbox + "UNSUB 9 1\r\nPUB a _INBOX.me 2\r\nhi\r\n");
        Assert.StartsWith("HMSG _INBOX.me 9 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nNats-Service-Error-Code: 404\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nBus-Error: topic-undeclared\r\n", answer, StringComparison.Ordinal);

        Assert.Contains("""{"created":true}""", await AskAsync(client, "CREATE", "a"), StringComparison.Ordinal);
        Assert.Equal("MSG a 7 2\r\nhi\r\n", await client.FlushAsync("SUB a 7\r\nPUB a 2\r\nhi\r\n"));
        Assert.Contains("""{"created":true}""", await AskAsync(client, "CREATE", """{"name":"b.*","policy":{"retain":true,"maxSubscribers":2,"maxPayload":10,"whenSlow":"drop"}}"""), StringComparison.Ordinal);
        Assert.Contains(
            """{"creation":"declared","count":2,"maxTopics":10000,"topics":[{"name":"a","policy":{"retain":false,"whenSlow":"hold"},"subscribers":1},{"name":"b.*","policy":{"retain":true,"maxSubscribers":2,"maxPayload":10,"whenSlow":"drop"},"subscribers":0}]}""",
            await AskAsync(client, "LIST", ""),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_published_to_something_that_is_no_topic_is_not_kept()
    {
        await using var bus = new TestBus();
        await bus.StartAsync();
        using var client = await bus.ConnectAsync();
        await AskAsync(client, "CREATE", """{"name":"b.*","policy":{"retain":true}}""");

        await client.FlushAsync("PUB b.* 1\r\n1\r\nPUB b.> 1\r\n2\r\nPUB b.c 1\r\n3\r\n");

        Assert.Equal(["b.c"], bus.Environment.Router.Retained.Matching(">"u8).Select(value => System.Text.Encoding.UTF8.GetString(value.Topic)));
    }

    [Fact]
    public async Task A_verbose_client_gets_no_ok_for_what_is_refused()
    {
        await using var bus = new TestBus { Rules = new TopicRules(TopicCreation.Declared) };
        await bus.StartAsync();
        using var client = await bus.ConnectAsync("CONNECT {\"verbose\":true,\"headers\":true}");
        var lines = (await client.FlushAsync("PUB a 2\r\nhi\r\nPUB _INBOX.x 2\r\nhi\r\n")).Split("\r\n");
        Assert.StartsWith("-ERR", lines[0], StringComparison.Ordinal);
        Assert.Equal("+OK", Assert.Single(lines[1..], line => line.Length > 0));
    }

    [Fact]
    public async Task A_subscription_whose_topic_is_deleted_ends_with_a_line_behind_its_last_message()
    {
        await using var bus = new TestBus();
        await bus.StartAsync();
        using var client = await bus.ConnectAsync();
        using var other = await bus.ConnectAsync();
        await AskAsync(other, "CREATE", "a");
        await client.FlushAsync("SUB a 1\r\nSUB a q 2\r\nSUB * 3\r\nUNSUB 2 1\r\n");

        await other.FlushAsync("PUB a 1\r\n1\r\n");
        Assert.Contains("\"ended\":", await AskAsync(other, "DELETE", "a"), StringComparison.Ordinal);
        await other.FlushAsync("PUB a 1\r\n2\r\n");

        var seen = await client.TakeUntilAsync("-ERR 'Permissions Violation for Subscription to \"a\": The topic \"a\" was deleted. (topic-deleted, sid 1)'\r\n");
        Assert.Contains("MSG a 1 1\r\n1\r\n", seen, StringComparison.Ordinal);
        seen += await client.FlushAsync();
        Assert.Contains("MSG a 3 1\r\n2\r\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("MSG a 1 1\r\n2", seen, StringComparison.Ordinal);
        // The one in the queue group had reached its maximum and was gone already.
        Assert.DoesNotContain("sid 2", seen, StringComparison.Ordinal);
        // The sid is free.
        Assert.Equal("MSG a 1 1\r\n3\r\n", await client.FlushAsync("UNSUB 3\r\nSUB a 1\r\nPUB a 1\r\n3\r\n"));
    }

    [Fact]
    public async Task What_is_wrong_with_a_request_is_said()
    {
        await using var bus = new TestBus();
        await bus.StartAsync();
        using var client = await bus.ConnectAsync();
        foreach (var (request, payload, code, word) in (IEnumerable<(string, string, int, string)>)
        [
            ("CREATE", "", 400, "empty"), ("CREATE", "a b", 400, "white space"), ("CREATE", "$BUS.ALL.x", 400, "$BUS."), ("CREATE", "{\"name\":\"a\",\"retain\":true}", 400, "retain"),
            ("CREATE", "{\"name\":\"a\",\"policy\":{\"maxSubscribers\":0}}", 400, "MaxSubscribers"), ("CREATE", "{", 400, "cannot be declared"), ("DELETE", "a", 404, "topic-unknown"), ("LIST", "a b", 400, "no filter"), ("RENAME", "a", 404, "unknown-request"),
        ])
        {
            var answer = await AskAsync(client, request, payload);
            Assert.Contains($"Nats-Service-Error-Code: {code}\r\n", answer, StringComparison.Ordinal);
            Assert.Contains(word, answer, StringComparison.Ordinal);
        }
    }

    private static async Task<string> AskAsync(RawClient client, string request, string payload)
    {
        client.Clear();
        await client.SendAsync($"{Inbox}UNSUB 9 1\r\nPUB $BUS.TOPICS.{request} _INBOX.me {payload.Length}\r\n{payload}\r\n");
        await client.TakeUntilAsync("MSG _INBOX.me 9 ");
        return await client.FlushAsync();
    }
}
