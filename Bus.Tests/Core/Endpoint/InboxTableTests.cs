using System.Text;
using Bus.Core.Client;
using Bus.Core.Endpoint;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Core.Endpoint;

public sealed class InboxTableTests
{
    [Fact]
    public void A_reply_finds_its_request_once()
    {
        var inbox = new InboxTable(TimeProvider.System);
        var request = Request();
        Assert.True(inbox.TryAdd(request));
        var replyTo = ReplyTo(inbox, request);

        Assert.StartsWith(inbox.Filter[..^1], Encoding.ASCII.GetString(replyTo), StringComparison.Ordinal);
        Assert.True(inbox.TryTake(replyTo, out var found));
        Assert.Same(request, found);
        Assert.False(inbox.TryTake(replyTo, out _));
        Assert.Equal(0, inbox.Count);
    }

    [Fact]
    public void A_late_reply_never_meets_the_request_that_has_the_slot_now()
    {
        var inbox = new InboxTable(TimeProvider.System);
        var first = Request();
        inbox.TryAdd(first);
        var late = ReplyTo(inbox, first);
        Assert.True(inbox.Remove(first));
        Assert.False(inbox.Remove(first));
        var second = Request();
        inbox.TryAdd(second);

        Assert.False(inbox.TryTake(late, out _));
        Assert.Equal(1, inbox.Count);
    }

    [Fact]
    public void What_a_late_reply_is_for_is_known_of_the_last_requests_that_ended_without_one()
    {
        var inbox = new InboxTable(TimeProvider.System);
        RequestCommand[] requests = [.. Enumerable.Range(0, EndedRequests.Max + 2).Select(_ => Request())];
        foreach (var request in requests) inbox.TryAdd(request);
        var replyTo = requests.Select(request => ReplyTo(inbox, request)).ToList();
        Assert.True(inbox.TryTake(replyTo[^1], out _));
        Assert.Null(inbox.TopicOfEnded(replyTo[0]));

        foreach (var request in requests[..^1]) Assert.True(inbox.Remove(request));

        Assert.Null(inbox.TopicOfEnded(replyTo[0]));
        Assert.All(replyTo[1..^1], reply => Assert.Equal(requests[0].Topic, inbox.TopicOfEnded(reply)));
        // It was answered: another answer is for nobody.
        Assert.Null(inbox.TopicOfEnded(replyTo[^1]));
    }

    [Fact]
    public void Who_answers_one_request_can_answer_no_other()
    {
        var inbox = new InboxTable(TimeProvider.System);
        RequestCommand[] requests = [Request(), Request(), Request()];
        foreach (var request in requests) inbox.TryAdd(request);
        var known = requests[0].Token;

        // The next slots, and the next requests of the same slot.
        var guesses = Enumerable.Range(1, 1000).SelectMany(n => new[] { known + (ulong)n, known + ((ulong)n << 24), known + ((ulong)n << 24) + (ulong)(n % 3) });
        Assert.DoesNotContain(guesses, guess => inbox.TryTake(Encoding.ASCII.GetBytes($"{inbox.Filter[..^1]}{guess:x}"), out _));
        Assert.Equal(3, inbox.Count);
    }

    [Fact]
    public void A_request_without_a_limit_never_expires()
    {
        var inbox = new InboxTable(TimeProvider.System);
        var request = Request(Timeout.InfiniteTimeSpan);
        inbox.TryAdd(request);
        Assert.Null(inbox.NextDue());
        Assert.Empty(inbox.TakeExpired());
        Assert.True(inbox.Remove(request));
    }

    [Theory]
    [InlineData("")]
    [InlineData("zz")]
    [InlineData("1x")]
    [InlineData("ffffffffffffffffff")]
    [InlineData("-1")]
    public void A_token_that_is_not_ours_finds_nothing(string token)
    {
        var inbox = new InboxTable(TimeProvider.System);
        inbox.TryAdd(Request());
        Assert.False(inbox.TryTake(Encoding.ASCII.GetBytes(inbox.Filter[..^1] + token), out _));
        Assert.False(inbox.TryTake("_INBOX.other.1"u8, out _));
    }

    [Fact]
    public void It_behaves_as_a_dictionary_under_any_order_of_calls()
    {
        Prop.ForAll(Gen.ListOf(Gen.Choose(0, 99)).ToArbitrary(), steps =>
        {
            var inbox = new InboxTable(TimeProvider.System);
            var (waiting, ended) = (new List<(RequestCommand Request, byte[] ReplyTo)>(), new List<byte[]>());
            foreach (var step in steps)
            {
                if (step < 50 || waiting.Count == 0)
                {
                    var request = Request();
                    inbox.TryAdd(request);
                    waiting.Add((request, ReplyTo(inbox, request)));
                    continue;
                }

                var (chosen, replyTo) = waiting[step % waiting.Count];
                waiting.RemoveAt(step % waiting.Count);
                ended.Add(replyTo);
                if (step % 2 == 0 ? !inbox.Remove(chosen) : !inbox.TryTake(replyTo, out var found) || !ReferenceEquals(found, chosen)) return false;
            }

            return inbox.Count == waiting.Count && ended.TrueForAll(r => !inbox.TryTake(r, out _)) && waiting.TrueForAll(w => inbox.TryTake(w.ReplyTo, out _));
        }).QuickCheckThrowOnFailure();
    }

    private static byte[] ReplyTo(InboxTable inbox, RequestCommand request)
    {
        var bytes = new byte[inbox.MaxReplyToLength];
        return bytes[..inbox.WriteReplyTo(request, bytes)];
    }

    private static RequestCommand Request(TimeSpan? timeout = null) =>
        new(OutgoingMessage.Create("t"u8.ToArray(), replyTo: null, headers: null, isRequest: true, "x", PayloadCodec.Default, "t"), "t", timeout ?? TimeSpan.FromSeconds(1), ActorRefs.Nobody);
}
