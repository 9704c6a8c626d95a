using Bus.Core.Messages;

namespace Bus.Tests.Core.Messages;

public sealed class RequestKeyTests
{
    [Theory]
    [InlineData("_INBOX.a.1", "_INBOX.a.2", true)]
    [InlineData("_INBOX.a.1", "_INBOX.b.1", false)]
    [InlineData("_INBOX.a.b.1", "_INBOX.a.1", false)]
    // Whoever makes an inbox for each request is not known by what all of them share.
    [InlineData("_INBOX.a", "_INBOX.b", false)]
    [InlineData("_INBOX.a", "_INBOX.a", true)]
    [InlineData("answers", "answers", true)]
    [InlineData("_INBOX.a.1", null, false)]
    [InlineData(null, null, true)]
    public void Two_requests_with_one_id_are_the_same_if_their_answers_go_to_one_caller(string? first, string? second, bool same)
    {
        var (one, other) = (new RequestKey("id", first), new RequestKey("id", second));
        Assert.Equal(same, one.Equals(other));
        Assert.Equal(same, new HashSet<RequestKey> { one }.Contains(other));
        Assert.False(one.Equals(new RequestKey("di", first)));
    }

    [Fact]
    public void It_is_made_and_compared_without_allocating()
    {
        var known = new Dictionary<RequestKey, int> { [new RequestKey("id", "_INBOX.a.1")] = 1 };
        var found = 0;
        for (var i = 0; i < 100; i++) found += known.GetValueOrDefault(new RequestKey("id", "_INBOX.a.2"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) found += known.GetValueOrDefault(new RequestKey("id", "_INBOX.a.2"));

        Assert.Equal((1100, 0), (found, GC.GetAllocatedBytesForCurrentThread() - before));
    }
}
