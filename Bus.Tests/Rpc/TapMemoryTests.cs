using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Rpc;

namespace Bus.Tests.Rpc;

/// <summary>What a tap keeps of what it sees.</summary>
public sealed class TapMemoryTests
{
    private readonly Tap _tap = new(TimeProvider.System);

    [Fact]
    public void Large_requests_and_answers_that_nobody_waits_for_are_forgotten_before_they_fill_the_memory()
    {
        for (var n = 0; n < 33; n++) Assert.Single(_tap.Take(Message("ask", Inbox(n))));
        // The first one has gone.
        Assert.Empty(_tap.Take(Message(Inbox(0))));
        Assert.NotNull(Assert.Single(_tap.Take(Message(Inbox(32)))).Request);

        for (var n = 100; n < 133; n++) Assert.Empty(_tap.Take(Message(Inbox(n))));
        Assert.Single(_tap.Take(Message("ask", Inbox(100))));
        Assert.Equal(2, _tap.Take(Message("ask", Inbox(132))).Count());
    }

    private static string Inbox(int number) => string.Create(CultureInfo.InvariantCulture, $"_INBOX.a.{number}");

    private static BusMessage<ReadOnlyMemory<byte>> Message(string topic, string? replyTo = null) => new(topic, replyTo, default, new byte[1024 * 1024], bus: null, PayloadCodec.Default);
}
