using System.Collections.Concurrent;
using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Presence;
using Bus.Tests.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>Messages and deliveries to any of a group of processes, of which one is frozen, wakes up or is killed with some of them. The processes use TCP, the test the Unix socket.</summary>
public sealed class GroupKillTests() : DaemonContract("bus")
{
    private const int Messages = 200;

    protected override string ProcessUrl { get; } = new RestartingTcpBus().Endpoint.ToString();

    [Fact]
    public async Task What_a_member_has_waits_for_it_to_wake_up_and_each_is_handled_once()
    {
        await using var bus = await ConnectAsync();
        await using var one = await StartMemberAsync();
        await using var frozen = await StartMemberAsync();
        await frozen.FreezeAsync();

        var deliveries = Enumerable.Range(0, Messages).Select(i => bus.DeliverToAnyAsync("work", i, new DeliverOptions { Timeout = Never })).ToList();
        await Task.WhenAny(deliveries).Guard();
        await bus.FlushAsync().Guard();
        Assert.Contains(deliveries, delivery => !delivery.IsCompleted);
        await frozen.SignalAsync("CONT");

        await Task.WhenAll(deliveries).Guard();
        Assert.Equal(Enumerable.Range(0, Messages), (await PrintedAsync(one)).Concat(await PrintedAsync(frozen)).Order());
    }

    [Fact]
    public async Task What_a_killed_member_had_goes_to_the_other_if_it_is_safe_and_else_says_that_nobody_knows()
    {
        await using var bus = await ConnectAsync();
        await using var survivor = await StartMemberAsync();
        await using var victim = await StartMemberAsync();
        await victim.FreezeAsync();
        var lost = new ConcurrentBag<int>();

        // Even ones are safe to send again.
        var deliveries = Enumerable.Range(0, Messages).Select(async i =>
        {
            try
            {
                await bus.DeliverToAnyAsync("work", i, new DeliverOptions { Timeout = Never, SafeToRetry = i % 2 == 0 });
            }
            catch (ConnectionLostException e) when (e.InnerException is ResponderLostException)
            {
                lost.Add(i);
            }
        }).ToList();
        await Task.WhenAny(deliveries).Guard();
        await bus.FlushAsync().Guard();
        Assert.Contains(deliveries, delivery => !delivery.IsCompleted);
        await victim.SignalAsync("KILL");

        await Task.WhenAll(deliveries).Guard();
        Assert.NotEmpty(lost);
        Assert.All(lost, number => Assert.Equal(1, number % 2));
        Assert.Equal(Enumerable.Range(0, Messages).Except(lost), (await PrintedAsync(survivor)).Order());
        await victim.ExitAsync();
        Assert.Empty(victim.Output.Text);
    }

    [Fact]
    public async Task What_was_only_published_is_lost_with_a_killed_member_and_all_that_comes_later_goes_to_the_other()
    {
        await using var bus = await ConnectAsync();
        await using var watching = await Watching.StartAsync(bus);
        await using var survivor = await StartMemberAsync();
        await using var victim = await StartMemberAsync();
        var name = (await bus.GetClientsAsync().Guard()).Single(client => client.Pid == victim.Id).Name;
        await victim.FreezeAsync();

        for (var i = 0; i < Messages; i++) Assert.Equal(1, (await bus.PublishConfirmedAsync("work", i, timeout: Never).Guard()).Reached);
        await victim.SignalAsync("KILL");
        await watching.NextAsync(PresenceKind.Leave, name);
        for (var i = Messages; i < 2 * Messages; i++) Assert.Equal(1, (await bus.PublishConfirmedAsync("work", i, timeout: Never).Guard()).Reached);
        // What was still picked for the dead one comes round, behind what was picked for the survivor.
        foreach (var number in Enumerable.Range(Messages, Messages)) await survivor.Output.WaitForAsync(FormattableString.Invariant($"{number}\n"));

        var printed = await PrintedAsync(survivor);
        Assert.InRange(printed.Count(number => number < Messages), 1, Messages - 1);
        Assert.Equal(Enumerable.Range(Messages, Messages), printed.Where(number => number >= Messages).Order());
    }

    private Task<ToolProcess> StartMemberAsync() => StartReadyAsync("subscribed", "sub", "work", "--raw", "--queue", "workers");

    private static async Task<List<int>> PrintedAsync(ToolProcess process)
    {
        await process.InterruptAsync();
        Assert.Equal(0, await process.ExitAsync());
        return [.. process.Output.Lines.Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
    }
}
