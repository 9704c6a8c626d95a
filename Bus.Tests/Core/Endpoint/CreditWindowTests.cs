using Bus.Core.Endpoint;

namespace Bus.Tests.Core.Endpoint;

public sealed class CreditWindowTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Who_waits_goes_on_in_order_when_there_is_room()
    {
        using var window = new CreditWindow(10, TimeProvider.System);
        Assert.True(window.TryEnter(11));
        Assert.False(window.TryEnter(1));
        var first = window.EnterAsync(11, CancellationToken.None).AsTask();
        var second = window.EnterAsync(1, CancellationToken.None).AsTask();

        window.Leave(11);
        await first.WaitAsync(Guard);
        Assert.False(second.IsCompleted);
        window.Leave(11);
        await second.WaitAsync(Guard);
        Assert.Equal(1, window.Count);
    }

    [Fact]
    public async Task Nobody_passes_who_came_before()
    {
        using var window = new CreditWindow(10, TimeProvider.System);
        window.Enter(11);
        var waiting = window.EnterAsync(1, CancellationToken.None).AsTask();
        Assert.False(window.TryEnter(1));
        window.Leave(11);
        await waiting.WaitAsync(Guard);
        Assert.True(window.TryEnter(1));
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_line()
    {
        using var window = new CreditWindow(0, TimeProvider.System);
        using var cancel = new CancellationTokenSource();
        window.Enter(1);
        var waiting = window.EnterAsync(1, cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Guard));
        window.Leave(1);
        Assert.True(window.TryEnter(1));
    }

    [Fact]
    public async Task Failing_lets_all_go_and_for_good_also_those_who_come_later()
    {
        using var window = new CreditWindow(0, TimeProvider.System);
        window.Enter(1);
        var waiting = window.EnterAsync(1, CancellationToken.None).AsTask();
        window.Fail(new InvalidOperationException("once"), forGood: false);
        await Assert.ThrowsAsync<InvalidOperationException>(() => waiting.WaitAsync(Guard));

        window.Fail(new InvalidOperationException("ever"), forGood: true);
        await Assert.ThrowsAsync<InvalidOperationException>(() => window.EnterAsync(1, CancellationToken.None).AsTask().WaitAsync(Guard));
    }

    [Fact]
    public async Task When_nothing_moves_the_first_in_line_goes_ahead()
    {
        using var window = new CreditWindow(0, TimeProvider.System);
        window.Enter(1);
        await window.EnterAsync(5, CancellationToken.None).AsTask().WaitAsync(Guard);
        Assert.Equal(6, window.Count);
    }

    [Fact]
    public async Task With_another_limit_who_waits_goes_on_at_its_lower_mark_and_a_larger_one_lets_all_go_on()
    {
        using var window = new CreditWindow(1000, TimeProvider.System);
        window.Enter(20);
        window.Resize(limit: 10, resume: 5);
        var first = window.EnterAsync(1, CancellationToken.None).AsTask();
        window.Leave(11);
        Assert.False(first.IsCompleted);
        window.Leave(4);
        await first.WaitAsync(Guard);
        Assert.True(window.TryEnter(10));
        var second = window.EnterAsync(1, CancellationToken.None).AsTask();
        window.Resize(limit: 1000, resume: 1000);
        await second.WaitAsync(Guard);
        Assert.Equal(17, window.Count);
    }

    [Fact]
    public async Task Many_at_once_never_lose_count()
    {
        using var window = new CreditWindow(3, TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var n = 0; n < 2_000; n++)
            {
                if (!window.TryEnter(1)) await window.EnterAsync(1, CancellationToken.None);
                if (n % 16 == 0) await Task.Yield();
                window.Leave(1);
            }
        }))).WaitAsync(Guard);
        Assert.Equal(0, window.Count);
    }
}
