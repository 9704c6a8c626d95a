using Bus.Core.Caching;
using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Tests.Client;
using Bus.Tests.Core.Calls;

namespace Bus.Tests.Core.Caching;

public sealed class ResponseCacheTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task An_answer_is_given_until_it_is_too_old()
    {
        var cache = new ResponseCache(1 << 20, _time);
        Assert.Equal(1, await AskAsync(cache, "a", 1));
        _time.Advance(Minute - TimeSpan.FromTicks(1));
        Assert.Equal(1, await AskAsync(cache, "a", 2));
        _time.Advance(TimeSpan.FromTicks(2));
        Assert.Equal(3, await AskAsync(cache, "a", 3));
        Assert.Equal((1, 0, 2), Counts(cache));
    }

    [Fact]
    public async Task Each_caller_says_how_old_an_answer_may_be()
    {
        var cache = new ResponseCache(1 << 20, _time);
        Assert.Equal(1, await AskAsync(cache, "a", 1));
        _time.Advance(Minute / 2);
        Assert.Equal(2, await AskAsync(cache, "a", 2, maxAge: Minute / 3));
        // It has taken the place of the older one.
        Assert.Equal(2, await AskAsync(cache, "a", 3));
    }

    [Fact]
    public async Task What_is_kept_never_has_more_bytes_than_are_allowed()
    {
        const int Limit = 10_000;
        var cache = new ResponseCache(Limit, _time);
        for (var n = 0; n < 200; n++)
        {
            await AskAsync(cache, $"topic.{n}", n);
            Assert.InRange(cache.GetStatistics().Bytes, 0, Limit);
        }

        Assert.InRange(cache.GetStatistics().Entries, 1, Limit / 512);
    }

    [Fact]
    public async Task An_answer_for_which_there_can_be_no_room_drives_out_no_other()
    {
        var cache = new ResponseCache(10_000, _time);
        await AskAsync(cache, "a", 1);
        await cache.Enter(Key("big"), Minute, _ => Task.FromResult<BusMessage>(new BusMessage<byte[]>("big", new byte[10_000]))).Call!.Answer.Guard();
        Assert.Equal(1, cache.GetStatistics().Entries);
        Assert.Equal(1, await AskAsync(cache, "a", 2));
    }

    [Fact]
    public async Task Without_room_nothing_is_kept_and_calls_are_shared()
    {
        var cache = new ResponseCache(0, _time);
        var answer = new TaskCompletionSource<BusMessage>();
        var first = cache.Enter(Key("a"), Minute, _ => answer.Task);
        var second = cache.Enter(Key("a"), Minute, _ => throw new InvalidOperationException("It is under way already."));
        answer.SetResult(new BusMessage<int>("a", 1));
        Assert.Same(await first.Call!.Answer.Guard(), await second.Call!.Answer.Guard());
        Assert.Equal(2, await AskAsync(cache, "a", 2));
    }

    [Fact]
    public void The_last_who_leaves_ends_the_call()
    {
        var cache = new ResponseCache(1 << 20, _time);
        var end = CancellationToken.None;
        var never = new TaskCompletionSource<BusMessage>();
        var (_, _, first) = cache.Enter(Key("a"), Minute, token =>
        {
            end = token;
            return never.Task;
        });
        var (result, _, second) = cache.Enter(Key("a"), Minute, _ => never.Task);
        Assert.Equal(CacheResult.Shared, result);

        cache.Leave(first!);
        Assert.False(end.IsCancellationRequested);
        cache.Leave(second!);
        Assert.True(end.IsCancellationRequested);
        // Nobody waits for what is being cancelled.
        Assert.Equal(CacheResult.Miss, cache.Enter(Key("a"), Minute, _ => never.Task).Result);
    }

    [Fact]
    public async Task An_error_reaches_all_who_wait_and_is_not_kept()
    {
        var cache = new ResponseCache(1 << 20, _time);
        var failing = new TaskCompletionSource<BusMessage>();
        var first = cache.Enter(Key("a"), Minute, _ => failing.Task);
        var second = cache.Enter(Key("a"), Minute, _ => failing.Task);
        failing.SetException(new RemoteErrorException("no", 500));

        await Assert.ThrowsAsync<RemoteErrorException>(() => first.Call!.Answer.Guard());
        await Assert.ThrowsAsync<RemoteErrorException>(() => second.Call!.Answer.Guard());
        Assert.Equal(2, await AskAsync(cache, "a", 2));
    }

    [Theory]
    [InlineData("users.get", 1)]
    [InlineData("users.*", 2)]
    [InlineData("*.get", 2)]
    [InlineData(">", 3)]
    [InlineData("users", 0)]
    [InlineData(null, 3)]
    public async Task It_is_cleared_by_topic(string? filter, int expected)
    {
        var cache = new ResponseCache(1 << 20, _time);
        foreach (var topic in (string[])["users.get", "users.list", "orders.get"]) await AskAsync(cache, topic, 1);
        Assert.Equal(expected, cache.Clear(filter is null ? null : new TopicFilters(filter)));
        Assert.Equal(3 - expected, cache.GetStatistics().Entries);
    }

    /// <summary>It may have been asked before what it is cleared for has happened.</summary>
    [Fact]
    public async Task The_answer_of_a_call_that_was_under_way_when_it_was_cleared_is_given_to_nobody_else()
    {
        var cache = new ResponseCache(1 << 20, _time);
        var answer = new TaskCompletionSource<BusMessage>();
        var (_, _, before) = cache.Enter(Key("a"), Minute, _ => answer.Task);
        cache.Clear("a");
        var after = AskAsync(cache, "a", 2);
        answer.SetResult(new BusMessage<int>("a", 1));

        Assert.Equal(1, ((BusMessage<int>)await before!.Answer.Guard()).Data);
        Assert.Equal(2, await after);
        Assert.Equal(2, await AskAsync(cache, "a", 3));
    }

    [Fact]
    public void Calls_are_equal_when_all_that_their_callers_send_is()
    {
        CacheKey[] keys =
        [
            Key("a"), Key("b"), Key("a", payload: "1"), Key("a", payload: "2"), Key("a", instance: "x"), Key("a", instance: "y"), Key("a", headers: ("x", "1")), Key("a", headers: ("x", "2")), Key("a", headers: ("y", "1")),
            CacheKey.Of("a", instance: null, headers: null, 1, new PayloadCodec(new LabelSerializer("x/y"))),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(Key("a", "x", "1", ("x", "1")), Key("a", "x", "1", ("x", "1")));
        Assert.Equal(Key("a", "x", "1", ("x", "1")).GetHashCode(), Key("a", "x", "1", ("x", "1")).GetHashCode());
    }

    internal static CacheKey Key(string topic, string? instance = null, string payload = "", (string Name, string Value)? headers = null)
    {
        var given = headers is { } header ? new BusHeaders { [header.Name] = header.Value } : null;
        return CacheKey.Of(topic, instance, given, payload, PayloadCodec.Default);
    }

    private static (long Hits, long Shared, long Misses) Counts(ResponseCache cache)
    {
        var now = cache.GetStatistics();
        return (now.Hits, now.Shared, now.Misses);
    }

    /// <summary>Asks for a topic whose answer now is a number.</summary>
    private static async Task<int> AskAsync(ResponseCache cache, string topic, int now, TimeSpan? maxAge = null)
    {
        var (_, answer, call) = cache.Enter(Key(topic), maxAge ?? Minute, _ => Task.FromResult<BusMessage>(new BusMessage<int>(topic, now)));
        answer ??= await call!.Answer.Guard();
        if (call is not null) cache.Leave(call);
        return ((BusMessage<int>)answer).Data;
    }
}
