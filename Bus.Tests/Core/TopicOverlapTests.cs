using System.Text;
using Bus.Core;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Core;

/// <summary>What two filters have in common, against all topics of up to four tokens of two kinds and one that no filter names.</summary>
public sealed class TopicOverlapTests
{
    private static readonly string[] Topics = [.. All(["a", "b", "x"], 4)];
    private static readonly string[] Filters = [.. All(["a", "b", "*"], 3), .. All(["a", "b", "*"], 2).Select(filter => $"{filter}.>"), ">"];

    [Fact]
    public void One_covers_another_when_it_matches_all_that_the_other_does() =>
        Prop.ForAll(Gen.Elements(Filters).Two().ToArbitrary(), pair =>
        {
            var (one, other) = pair;
            var isCovered = Topics.Where(topic => Topic.Matches(other, topic)).All(topic => Topic.Matches(one, topic));
            return Topic.Covers(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other)) == isCovered;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Two_overlap_when_both_match_some_topic() =>
        Prop.ForAll(Gen.Elements(Filters).Two().ToArbitrary(), pair =>
        {
            var (one, other) = pair;
            return Topic.Overlap(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other)) == Topics.Any(topic => Topic.Matches(one, topic) && Topic.Matches(other, topic));
        }).QuickCheckThrowOnFailure();

    private static IEnumerable<string> All(string[] tokens, int length) =>
        length == 1 ? tokens : tokens.Concat(All(tokens, length - 1).SelectMany(rest => tokens.Select(token => $"{token}.{rest}"))).Distinct();
}
