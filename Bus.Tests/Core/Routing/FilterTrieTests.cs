using System.Text;
using Bus.Core;
using Bus.Core.Routing;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Core.Routing;

public sealed class FilterTrieTests
{
    private static readonly Gen<string> Token = Gen.Elements("a", "b", "c", "d");

    private static readonly Gen<string> AnyTopic = Tokens(Token);

    private static readonly Gen<string> AnyFilter =
        from tokens in Gen.Elements("a", "b", "c", "d", "*").NonEmptyListOf()
        from rest in Gen.Elements(true, false)
        select string.Join('.', tokens.Take(5).Concat(rest ? [">"] : []));

    [Fact]
    public void It_matches_what_the_naive_matcher_matches_after_any_adds_and_removes()
    {
        var cases =
            from filters in AnyFilter.ListOf()
            from removed in Gen.Elements(true, false).ListOf()
            from topics in AnyTopic.NonEmptyListOf()
            select (filters.Distinct(StringComparer.Ordinal).ToArray(), removed.ToArray(), topics.ToArray());

        Prop.ForAll(cases.ToArbitrary(), input =>
        {
            var (filters, removed, topics) = input;
            var trie = FilterTrie.Empty;
            var routes = filters.Select(f => new TopicRoute(f, ActorRefs.Nobody)).ToArray();
            // A new editing round every other step: copied nodes and nodes edited in place must agree.
            for (var i = 0; i < routes.Length; i++) trie = trie.Add(routes[i], 1 + (i / 2));
            var live = new List<string>(filters);
            for (var i = 0; i < routes.Length && i < removed.Length; i++)
            {
                if (!removed[i]) continue;
                trie = trie.Remove(routes[i], 1000 + (i / 2));
                live.Remove(filters[i]);
            }

            foreach (var topic in topics)
            {
                var found = Match(trie, topic);
                var expected = live.Where(f => Topic.Matches(f, topic)).Order(StringComparer.Ordinal).ToArray();
                if (!found.SequenceEqual(expected)) return false;
            }

            return true;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_published_trie_does_not_change_when_a_later_round_edits()
    {
        var before = FilterTrie.Empty.Add(new TopicRoute("a.*", ActorRefs.Nobody), 1);
        var after = before.Add(new TopicRoute("a.>", ActorRefs.Nobody), 2);

        Assert.Equal(["a.*"], Match(before, "a.b"));
        Assert.Equal(["a.*", "a.>"], Match(after, "a.b"));
    }

    [Theory]
    [InlineData("*.topics", 0)]
    [InlineData(">", 0)]
    [InlineData("$BUS.*", 1)]
    [InlineData("$BUS.>", 1)]
    public void System_topics_are_not_matched_by_a_filter_that_begins_with_a_wildcard(string filter, int matches)
    {
        var trie = FilterTrie.Empty.Add(new TopicRoute(filter, ActorRefs.Nobody), 1);

        Assert.Equal(matches, Match(trie, "$BUS.topics").Count);
    }

    private static Gen<string> Tokens(Gen<string> token) => token.NonEmptyListOf().Select(tokens => string.Join('.', tokens.Take(5)));

    private static List<string> Match(FilterTrie trie, string topic)
    {
        var found = new List<TopicRoute>();
        trie.Match(Encoding.UTF8.GetBytes(topic), found);
        return [.. found.Select(r => Encoding.UTF8.GetString(r.Filter)).Order(StringComparer.Ordinal)];
    }
}
