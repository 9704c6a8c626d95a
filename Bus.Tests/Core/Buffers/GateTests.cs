using Bus.Core.Buffers;

namespace Bus.Tests.Core.Buffers;

public sealed class GateTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public void It_is_open_up_to_its_limit()
    {
        var gate = new Gate(10);
        gate.Enter(10);
        Assert.True(gate.WaitAsync().AsTask().IsCompletedSuccessfully);

        gate.Enter();
        Assert.False(gate.IsOpen);
    }

    [Fact]
    public async Task The_waiter_goes_on_when_enough_have_left()
    {
        var gate = new Gate(0);
        gate.Enter(2);
        var waiting = gate.WaitAsync().AsTask();

        gate.Leave();
        Assert.False(waiting.IsCompleted);
        gate.Leave();

        await waiting.WaitAsync(Guard);
    }

    [Fact]
    public async Task Abort_lets_the_waiter_through_for_good()
    {
        var gate = new Gate(0);
        gate.Enter();
        var waiting = gate.WaitAsync().AsTask();

        gate.Abort();

        await waiting.WaitAsync(Guard);
        Assert.True(gate.WaitAsync().AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task No_wake_up_is_lost_when_both_sides_race()
    {
        var gate = new Gate(0);
        using var go = new SemaphoreSlim(0);
        var leaving = Task.Run(async () =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                await go.WaitAsync();
                gate.Leave();
            }
        });
        for (var i = 0; i < 20_000; i++)
        {
            gate.Enter();
            go.Release();
            await gate.WaitAsync().AsTask().WaitAsync(Guard);
        }

        await leaving;
        Assert.Equal(0, gate.Count);
    }
}
