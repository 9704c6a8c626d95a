using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bus.Core.Rpc;
using Bus.Core.Services;
using Bus.Transport.JsonLines;

namespace Bus.Tests.Transport.JsonLines;

/// <summary>Calls that reach nobody, and answers that are none: the session alone, with the bus played by hand.</summary>
public sealed partial class JsonNobodyTests : IDisposable
{
    private const int MostRequests = 32_768;

    private static readonly byte[] Nobody = "NATS/1.0 503\r\n\r\n"u8.ToArray();

    private readonly Clock _time = new();
    private readonly ByteQueue _lines = new();
    private readonly JsonSession _session;

    public JsonNobodyTests()
    {
        _session = new JsonSession(_lines, new JsonLimits(1024 * 1024, 4096, 1024 * 1024), _time, () => { });
        _session.Join("me");
    }

    public void Dispose() => _session.Dispose();

    [Fact]
    public void They_count_until_the_bus_has_said_why()
    {
        Answer(Call(0), Nobody);
        var question = Asked();
        // It is one of those that wait.
        for (var id = 2; id < MostRequests; id++) Answer(Call(id), Nobody);

        Assert.Empty(Lines());
        Take("""{"op":"call","service":"gone","method":"m","id":"more"}""");
        Assert.Contains("too-many-requests", Assert.Single(Lines()), StringComparison.Ordinal);

        Answer(question, [], Services("other"));
        Assert.Equal(MostRequests - 1, Explained().Count(line => line.Contains("service-not-found", StringComparison.Ordinal)));
        Assert.Equal(0, _session.Requests.Count);
    }

    [Fact]
    public void The_question_is_asked_although_they_are_as_many_as_may_be()
    {
        var first = Call(0);
        for (var id = 1; id < MostRequests; id++) Call(id);
        Answer(first, Nobody);
        Answer(Asked(), [], Services("other"));
        Assert.Contains("service-not-found", Assert.Single(Explained()), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_is_told_in_a_line_of_its_own_with_the_first_hundred_names_and_not_before_the_last_one_is_out()
    {
        Answer(Call(0), Nobody);
        var question = Asked();
        for (var id = 1; id < 3; id++) Answer(Call(id), Nobody);
        Answer(question, [], Services([.. Enumerable.Range(100, 500).Select(n => $"s{n}")]));

        Assert.Empty(Lines());
        for (var id = 0; id < 3; id++)
        {
            Assert.True(_session.Calls.ExplainNext());
            var line = Assert.Single(Lines());
            Assert.Contains($"\"id\":{id},", line, StringComparison.Ordinal);
            Assert.Contains("\"s199\"]", line, StringComparison.Ordinal);
        }

        Assert.False(_session.Calls.ExplainNext());
    }

    [Fact]
    public void Until_then_they_can_be_cancelled_and_have_their_time()
    {
        Answer(Call(1), Nobody);
        var question = Asked();
        Answer(Call(2, timeout: 1000), Nobody);
        Answer(Call(3), Nobody);

        Take("""{"op":"cancel","id":1}""");
        Assert.Contains("\"id\":1,\"error\":{\"code\":\"cancelled\"", Assert.Single(Lines()), StringComparison.Ordinal);
        _time.Now += TimeSpan.FromSeconds(1).Ticks;
        _session.Tick();
        Assert.Contains("\"id\":2,\"error\":{\"code\":\"no-responders\"", Assert.Single(Lines()), StringComparison.Ordinal);
        Answer(question, [], Services("other"));
        Assert.Contains("\"id\":3,\"error\":{\"code\":\"service-not-found\"", Assert.Single(Explained()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_method_on_another_topic_is_named()
    {
        Answer(Call(1), Nobody);
        Answer(Asked(), [], Encoding.UTF8.GetBytes("""{"count":1,"services":[{"name":"gone","id":"1","since":"2026-01-01T00:00:00Z","endpoints":[{"name":"m","topic":"else.where"}]}]}"""));
        Assert.Equal("""{"op":"error","id":1,"error":{"code":"no-responders","message":"Nobody responds on 'gone.m': the method is on 'else.where'. Ask it there, with 'request'."}}""", Assert.Single(Explained()));
    }

    [Fact]
    public void An_answer_that_cannot_be_read_is_an_error_of_that_request_alone()
    {
        Answer(Call(1), Nobody);
        Answer(Asked(), [], "no json"u8.ToArray());
        Assert.Contains("no-responders", Assert.Single(Explained()), StringComparison.Ordinal);

        Take("""{"op":"pub","topic":"a","text":"x","id":2}""");
        Answer(ReplyTo().Matches(Inbound())[0].Value, [], "no json"u8.ToArray());
        Assert.Equal("""{"op":"error","id":2,"error":{"code":"payload-format","message":"What was to confirm the message to 'a' cannot be read."}}""", Assert.Single(Lines()));
    }

    [Fact]
    public void Who_answers_one_request_can_answer_no_other()
    {
        var (first, second) = (Call(1), Call(2));
        var prefix = first[..(first.LastIndexOf('.') + 1)];
        var (known, next) = (Number(first), Number(second));

        Assert.NotNull(_session.Requests.Find(second));
        foreach (var guess in (UInt128[])[2, known + 1, known + (UInt128.One << 64), next + 1, next >> 64]) Assert.Null(_session.Requests.Find(string.Create(CultureInfo.InvariantCulture, $"{prefix}{guess:x}")));

        UInt128 Number(string topic) => UInt128.Parse(topic.AsSpan(prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_service_that_is_silent_keeps_nobody_from_hearing_what_is_not_there()
    {
        Assert.True(JsonCalls.Patience > ServiceRegistry.Patience);
        await using var bus = await JsonBus.StartAsync();
        await using var peer = await bus.ConnectAsync();
        await using var silent = await bus.Local.OpenSubscriptionAsync<string>("$SRV.INFO.silent.1");
        await using var service = await bus.Local.ServeAsync("work", s => s.Endpoint<int, int>("double", (n, _) => 2 * n));

        Assert.Contains("\"method-not-found\"", await peer.AskAsync("""{"op":"call","service":"work","method":"duoble","timeout":60000}"""), StringComparison.Ordinal);
    }

    private static byte[] Services(params string[] names) =>
        Encoding.UTF8.GetBytes($$"""{"count":{{names.Length}},"services":[{{string.Join(',', names.Select(name => $$"""{"name":"{{name}}","id":"1","since":"2026-01-01T00:00:00Z","endpoints":[]}"""))}}]}""");

    /// <returns>Where its answer goes.</returns>
    private string Call(int id, int timeout = 3_600_000)
    {
        Take($$"""{"op":"call","service":"gone","method":"m","timeout":{{timeout}},"id":{{id}}}""");
        return ReplyTo().Matches(Inbound())[0].Value;
    }

    /// <returns>Where the bus is to say which services there are.</returns>
    private string Asked() => ReplyTo().Matches(Inbound())[0].Value;

    private void Take(string line) => _session.Take(Encoding.UTF8.GetBytes(line));

    private void Answer(string topic, byte[] block, byte[]? payload = null) => _session.Answers.Take(topic, block, payload);

    private List<string> Explained()
    {
        while (_session.Calls.ExplainNext())
        {
            // Each is a line.
        }

        return Lines();
    }

    private List<string> Lines() => [.. Read(_lines).Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    private string Inbound() => Read(_session.Inbound);

    private static string Read(ByteQueue queue)
    {
        var text = Encoding.UTF8.GetString(queue.Unread);
        queue.Consume(queue.Length);
        return text;
    }

    [GeneratedRegex(@"_INBOX\.[0-9a-f]+\.[0-9a-f]+", RegexOptions.None, matchTimeoutMilliseconds: 5000)]
    private static partial Regex ReplyTo();

    /// <summary>Stands still.</summary>
    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; } = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
