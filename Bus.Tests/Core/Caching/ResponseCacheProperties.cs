using System.Collections.Concurrent;
using Bus.Core.Caching;
using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Core.Calls;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Core.Caching;

public sealed class ResponseCacheProperties
{
    private static readonly string[] Topics = ["a.x", "a.y", "b.x"];

    /// <summary>Whatever happens in whatever order: who asks gets what the naive model says, an answer, a call that is under way, or a new call.</summary>
    [Fact]
    public void It_does_what_a_naive_model_does()
    {
        var step = from kind in Gen.Choose(0, 8) from topic in Gen.Choose(0, 2) from number in Gen.Choose(1, 4) select new Step(kind, topic, number);
        Prop.ForAll(step.ArrayOf().ToArbitrary(), steps => new Run().Carry(steps)).QuickCheckThrowOnFailure();
    }

    /// <summary>Equal calls at the same time, from many threads, are made once; others never get their answers.</summary>
    [Fact]
    public async Task Concurrent_equal_calls_are_made_once()
    {
        const int Threads = 8;
        for (var round = 0; round < 50; round++)
        {
            var cache = new ResponseCache(1 << 20, TimeProvider.System);
            var made = new ConcurrentDictionary<int, int>();
            using var start = new Barrier(Threads);
            var callers = Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
                async () =>
                {
                    start.SignalAndWait();
                    foreach (var n in Enumerable.Range(0, 20)) Assert.Equal(n, await AskAsync(cache, n, made));
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default).Unwrap());
            await Task.WhenAll(callers).Guard();
            Assert.All(made, pair => Assert.Equal(1, pair.Value));
        }
    }

    private static async Task<int> AskAsync(ResponseCache cache, int n, ConcurrentDictionary<int, int> made)
    {
        var (_, answer, call) = cache.Enter(ResponseCacheTests.Key("a", payload: $"{n}"), TimeSpan.FromHours(1), async _ =>
        {
            made.AddOrUpdate(n, 1, (_, count) => count + 1);
            await Task.Yield();
            return new BusMessage<int>("a", n);
        });
        answer ??= await call!.Answer.Guard();
        if (call is not null) cache.Leave(call);
        return ((BusMessage<int>)answer).Data;
    }

    private sealed record Step(int Kind, int Topic, int Number);

    /// <summary>One sequence, on the cache and on the model.</summary>
    private sealed class Run
    {
        private readonly ManualTime _time = new();
        private readonly ResponseCache _cache;
        private readonly List<Call> _calls = [];
        private readonly Dictionary<string, (int Answer, TimeSpan Since, TimeSpan MaxAge)> _kept = new(StringComparer.Ordinal);
        private TimeSpan _now;
        private int _last;

        public Run() => _cache = new ResponseCache(1 << 20, _time);

        public void Carry(Step[] steps)
        {
            foreach (var step in steps) Do(step);
            Assert.Equal(_calls.Count(call => call.IsShared), _cache.GetStatistics().UnderWay);
        }

        private void Do(Step step)
        {
            var topic = Topics[step.Topic];
            switch (step.Kind)
            {
                case < 4:
                    Ask(topic, TimeSpan.FromSeconds(step.Number));
                    break;
                case 4 when Some(step) is { } call:
                    _cache.Leave(call.Shared!);
                    if (--call.Waiting == 0) (call.IsShared, call.IsOver) = (false, true);
                    Assert.Equal(call.Waiting == 0, call.Token.IsCancellationRequested);
                    break;
                case 5 when Some(step) is { } call:
                    End(call, () => call.Source.SetResult(new BusMessage<int>(call.Topic, call.Answer)));
                    break;
                case 6 when Some(step) is { } call:
                    call.Answer = 0;
                    End(call, () => call.Source.SetException(new RemoteErrorException("no", 500)));
                    break;
                case 7:
                    _time.Advance(TimeSpan.FromSeconds(step.Number));
                    _now += TimeSpan.FromSeconds(step.Number);
                    break;
                case 8:
                    Clear(step.Number < 3 ? topic : $"*.{topic[^1]}");
                    break;
            }
        }

        private Call? Some(Step step) => _calls.Where(call => !call.IsOver).ElementAtOrDefault(step.Number - 1);

        private void Ask(string topic, TimeSpan maxAge)
        {
            var made = new Call(topic, maxAge, ++_last);
            var (result, answer, shared) = _cache.Enter(ResponseCacheTests.Key(topic), maxAge, token =>
            {
                made.Token = token;
                return made.Source.Task;
            });
            if (_kept.TryGetValue(topic, out var kept) && _now - kept.Since <= maxAge && _now - kept.Since < kept.MaxAge)
            {
                Assert.Equal(CacheResult.Hit, result);
                Assert.Equal(kept.Answer, ((BusMessage<int>)answer!).Data);
            }
            else if (_calls.Find(call => call.IsShared && call.Topic == topic) is { } underWay)
            {
                Assert.Equal(CacheResult.Shared, result);
                Assert.Same(underWay.Shared, shared);
                underWay.Waiting++;
            }
            else
            {
                Assert.Equal(CacheResult.Miss, result);
                made.Shared = shared;
                _calls.Add(made);
            }
        }

        private void End(Call call, Action end)
        {
            end();
            call.IsOver = true;
            if (call is { IsShared: true, Answer: > 0 }) _kept[call.Topic] = (call.Answer, _now, call.MaxAge);
            call.IsShared = false;
            var answer = call.Shared!.Answer;
            Assert.Equal(call.Answer, answer.IsFaulted ? 0 : ((BusMessage<int>)answer.GetAwaiter().GetResult()).Data);
        }

        private void Clear(string filter)
        {
            _cache.Clear(filter);
            foreach (var call in _calls.Where(call => Bus.Core.Topic.Matches(filter, call.Topic))) call.IsShared = false;
            foreach (var topic in Topics.Where(topic => Bus.Core.Topic.Matches(filter, topic))) _kept.Remove(topic);
        }
    }

    private sealed class Call(string topic, TimeSpan maxAge, int answer)
    {
        public string Topic => topic;

        public TimeSpan MaxAge => maxAge;

        // Zero: an error.
        public int Answer { get; set; } = answer;

        public TaskCompletionSource<BusMessage> Source { get; } = new();

        public SharedCall? Shared { get; set; }

        public CancellationToken Token { get; set; }

        public int Waiting { get; set; } = 1;

        public bool IsShared { get; set; } = true;

        public bool IsOver { get; set; }
    }
}
