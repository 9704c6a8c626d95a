using Bus.Transport.Client;

namespace Bus.Tests.Transport.Client;

public sealed class ReconnectingTests
{
    [Theory]
    [InlineData(ReconnectBackoff.Exponential, new[] { 100, 200, 400, 800, 1000, 1000 })]
    [InlineData(ReconnectBackoff.Linear, new[] { 100, 200, 300, 400, 500, 600 })]
    [InlineData(ReconnectBackoff.Fixed, new[] { 100, 100, 100, 100, 100, 100 })]
    public void The_wait_grows_as_it_was_chosen_up_to_the_longest_and_begins_anew_after_a_success(ReconnectBackoff backoff, int[] longest)
    {
        var reconnecting = new Reconnecting(new BusClientOptions { ReconnectBackoff = backoff, ReconnectMinDelay = TimeSpan.FromMilliseconds(100), ReconnectMaxDelay = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        for (var round = 0; round < 2; round++)
        {
            foreach (var full in longest)
            {
                Assert.True(reconnecting.TryNext(out var delay));
                Assert.InRange(delay.TotalMilliseconds, full / 2d, full);
            }

            reconnecting.Succeeded();
        }
    }

    [Fact]
    public void It_gives_up_after_the_last_attempt_and_at_once_when_it_is_switched_off()
    {
        var limited = new Reconnecting(new BusClientOptions { MaxReconnectAttempts = 1 }, TimeProvider.System);
        Assert.True(limited.TryNext(out _));
        Assert.False(limited.TryNext(out _));
        Assert.False(new Reconnecting(new BusClientOptions { Reconnect = false }, TimeProvider.System).TryNext(out _));
    }

    [Fact]
    public void A_backoff_that_does_not_exist_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BusClientOptions { ReconnectBackoff = (ReconnectBackoff)7 }.Validate());
}
