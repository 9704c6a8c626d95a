using System.Text;
using BenchmarkDotNet.Attributes;
using Bus.Core.Routing;

namespace Bus.Benchmarks.Allocations;

/// <summary>Step 3 of the data path: from topics to their topic actors.</summary>
public class MatchBenchmarks
{
    private const int Count = 10_000;
    private readonly byte[][] _topics = [.. Enumerable.Range(0, 1_000).Select(i => Encoding.ASCII.GetBytes($"orders.{i}.created"))];
    private readonly MatchCache _cache;

    public MatchBenchmarks()
    {
        var router = new Router();
        for (var i = 0; i < _topics.Length; i++) router.Add(new TopicRoute($"orders.{i}.created", ActorRefs.Nobody));
        router.Add(new TopicRoute("orders.*.created", ActorRefs.Nobody));
        router.Add(new TopicRoute("orders.>", ActorRefs.Nobody));
        router.Publish();
        _cache = new MatchCache(router);
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public int SameTopic()
    {
        var found = 0;
        for (var i = 0; i < Count; i++) found += _cache.Find(_topics[0]).Targets.Length;
        return found;
    }

    [Benchmark(OperationsPerInvoke = Count)]
    public int ManyTopics()
    {
        var found = 0;
        for (var i = 0; i < Count; i++)
        {
            found += _cache.Find(_topics[i % _topics.Length]).Targets.Length;
            _cache.Trim();
        }

        return found;
    }
}
