using System.Text;
using Bus.Core;

namespace Bus.Tests.Core;

public sealed class TopicTests
{
    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a..b", "token 2, ''")]
    [InlineData(".a", "token 1, ''")]
    [InlineData("a.", "token 2, ''")]
    [InlineData("a.b c", "token 2, 'b c', holds white space")]
    [InlineData("a.*", "token 2, '*', is a wildcard")]
    [InlineData("a.>", "token 2, '>', is a wildcard")]
    [InlineData("a.b*", "token 2, 'b*', holds a wildcard character")]
    public void A_bad_topic_is_refused_and_the_error_names_the_token(string topic, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => Topic.Validate(topic)).Message);

    [Theory]
    [InlineData("a.>.b", "token 2, '>', stands for all that follows")]
    [InlineData("a.>x", "token 2, '>x', holds a wildcard character")]
    [InlineData("*.\t", "token 2")]
    public void A_bad_filter_is_refused_and_the_error_names_the_token(string filter, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => Topic.ValidateFilter(filter)).Message);

    [Theory]
    [InlineData("a")]
    [InlineData("a.b.c")]
    [InlineData("größe.mit-umlaut_1")]
    [InlineData("$SYS.x")]
    public void A_good_topic_comes_back_unchanged(string topic) => Assert.Equal(topic, Topic.Validate(topic));

    [Theory]
    [InlineData("*")]
    [InlineData(">")]
    [InlineData("a.*.c.>")]
    public void A_good_filter_comes_back_unchanged(string filter) => Assert.Equal(filter, Topic.ValidateFilter(filter));

    [Fact]
    public void A_topic_that_is_too_long_is_refused_with_its_length() =>
        Assert.Contains("3073 bytes", Assert.Throws<ArgumentException>(() => Topic.Validate(new string('x', 3073))).Message);

    [Theory]
    [InlineData("a.b", true)]
    [InlineData("a.b*", true)]
    [InlineData("a.>", true)]
    [InlineData("a.>.b", false)]
    [InlineData("a..b", false)]
    [InlineData(".", false)]
    [InlineData("", false)]
    public void The_wire_accepts_what_nats_server_accepts(string filter, bool valid) => Assert.Equal(valid, Topic.IsValidFilter(Encoding.UTF8.GetBytes(filter)));

    [Theory]
    [InlineData("a.*", "a.b", true)]
    [InlineData("a.*", "a.b.c", false)]
    [InlineData("a.*", "a", false)]
    [InlineData("a.>", "a.b.c", true)]
    [InlineData("a.>", "a", false)]
    [InlineData(">", "a", true)]
    [InlineData("a", "A", false)]
    public void Matching_is_by_token(string filter, string topic, bool matches) => Assert.Equal(matches, Topic.Matches(filter, topic));
}
