using Bus.Core.Routing;

namespace Bus.Tests.Core.Routing;

public sealed class MatchCacheTests
{
    private readonly Router _router = new();

    [Fact]
    public void A_topic_without_filters_matches_nothing_and_then_what_is_added()
    {
        var cache = new MatchCache(_router);
        Assert.Empty(cache.Find("a.b"u8).Targets);

        var literal = Add("a.b");
        Assert.Equal([literal], Routes(cache));

        var wildcard = Add("a.*");
        Assert.Equal([literal, wildcard], Routes(cache));
    }

    [Fact]
    public void A_removed_filter_is_not_matched_any_more()
    {
        var cache = new MatchCache(_router);
        var (literal, wildcard) = (Add("a.b"), Add("a.*"));
        Assert.Equal(2, cache.Find("a.b"u8).Targets.Length);

        Remove(literal);
        Assert.Equal([wildcard], Routes(cache));
        Remove(wildcard);
        Assert.Empty(cache.Find("a.b"u8).Targets);
    }

    [Fact]
    public void A_literal_filter_that_comes_and_goes_leaves_the_match_of_other_topics_as_it_is()
    {
        var cache = new MatchCache(_router);
        Add("a.*");
        var before = cache.Find("a.b"u8).Targets;

        Add("x.y");

        Assert.Same(before, cache.Find("a.b"u8).Targets);
    }

    [Fact]
    public void Filters_that_share_a_queue_name_are_found()
    {
        var (literal, wildcard) = (Add("a.b"), Add("a.*"));
        (literal.QueueNames, wildcard.QueueNames) = (["workers", "only-here"], ["workers"]);
        _router.QueueNamesChanged();
        _router.Publish();

        var shared = Assert.Single(new MatchCache(_router).Find("a.b"u8).SharedQueues);

        Assert.Equal("workers", shared.Name);
        Assert.Equal([0, 1], shared.Targets);
    }

    [Fact]
    public void Filters_that_come_and_go_do_not_pile_up_behind_a_few_topics()
    {
        var cache = new MatchCache(_router);
        var kept = Add("a.b");
        for (var i = 0; i < 3 * MatchCache.Capacity; i++)
        {
            var wildcard = Add("a.*");
            Assert.Equal([kept, wildcard], Routes(cache));
            Remove(wildcard);
            cache.Trim();
        }

        Assert.InRange(cache.TargetCount, 1, MatchCache.Capacity);
        Assert.Equal([kept], Routes(cache));
    }

    [Fact]
    public void A_topic_that_passes_through_a_full_cache_is_matched_as_the_table_is_now()
    {
        var cache = new MatchCache(_router);
        for (var i = 0; i < MatchCache.Capacity; i++) cache.Find(System.Text.Encoding.ASCII.GetBytes($"other.{i}"));

        Assert.Empty(cache.Find("a.b"u8).Targets);
        var literal = Add("a.b");
        Assert.Equal([literal], Routes(cache));
        Assert.Empty(cache.Find("a.c"u8).Targets);
        var wildcard = Add("a.*");
        Assert.Equal([literal, wildcard], Routes(cache));
        Assert.Equal([wildcard], cache.Find("a.c"u8).Targets.Select(t => t.Route));
        Remove(wildcard);
        Assert.Equal([literal], Routes(cache));
        Remove(literal);
        Assert.Empty(cache.Find("a.b"u8).Targets);
    }

    private static TopicRoute[] Routes(MatchCache cache) => [.. cache.Find("a.b"u8).Targets.Select(t => t.Route)];

    private TopicRoute Add(string filter)
    {
        var route = new TopicRoute(filter, ActorRefs.Nobody);
        _router.Add(route);
        _router.Publish();
        return route;
    }

    private void Remove(TopicRoute route)
    {
        _router.Remove(route);
        _router.Publish();
    }
}
