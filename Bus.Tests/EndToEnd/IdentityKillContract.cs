using Bus.Core.Client;
using Bus.Core.Presence;
using Bus.Tests.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>Who is who, while processes and the bus freeze and are killed: a name and an id are kept, and a name has one owner.</summary>
public abstract class IdentityKillContract(string url) : DaemonContract(url)
{
    [Fact]
    public async Task Names_and_ids_are_the_same_when_the_bus_was_killed_whether_chosen_or_generated()
    {
        await using var bus = await ConnectAsync("chosen");
        await using var generated = await ConnectAsync();
        await using var inbox = await StartReadyAsync("subscribed", "inbox", "process");
        await using var sub = await StartReadyAsync("subscribed", "sub", "news");
        await using var frozen = await StartReadyAsync("subscribed", "inbox", "frozen");
        var before = await WhoIsHereAsync(bus);
        Assert.Equal(5, before.DistinctBy(one => one.Name).Count());
        Assert.Equal(5, before.DistinctBy(one => one.Id).Count());
        await frozen.FreezeAsync();
        var back = bus.NextAsync(BusState.Connected);

        await KillDaemonAsync();
        await StartDaemonAsync();

        await back;
        await IsHereAsync(bus, [.. before.Where(one => one.Pid != frozen.Id)]);
        await frozen.SignalAsync("CONT");
        await IsHereAsync(bus, before);
        Assert.Contains(before, one => one.Name == generated.Name);
        foreach (var process in new[] { inbox, frozen }) await process.Errors.WaitForAsync("again");
        foreach (var name in new[] { "process", "frozen" }) await ReachAsync(bus, name, $"to {name}");
        await inbox.Output.WaitForAsync("to process");
        await frozen.Output.WaitForAsync("to frozen");
    }

    [Fact]
    public async Task Of_those_who_want_one_name_at_once_one_has_it_until_it_is_killed_and_the_others_are_told_who()
    {
        await using var bus = await ConnectAsync();
        await using var watching = await Watching.StartAsync(bus);
        await Daemon.FreezeAsync();
        await using var one = StartIpcBus("inbox", "name", "--connect-timeout", "1m");
        await using var two = StartIpcBus("inbox", "name", "--connect-timeout", "1m");
        await using var three = StartIpcBus("inbox", "name", "--connect-timeout", "1m");
        await Daemon.SignalAsync("CONT");

        var pid = (await watching.NextAsync(PresenceKind.Join, "name")).Client.Pid;
        var all = new[] { one, two, three };
        var owner = all.Single(process => process.Id == pid);
        foreach (var refused in all.Except([owner]))
        {
            Assert.Equal(1, await refused.ExitAsync());
            Assert.Contains($"name is process {owner.Id}", refused.Errors.Text, StringComparison.Ordinal);
        }

        await owner.Errors.WaitForAsync("subscribed");
        await owner.FreezeAsync();
        await owner.SignalAsync("KILL");
        await watching.NextAsync(PresenceKind.Leave, "name");
        await using var heir = await StartReadyAsync("subscribed", "inbox", "name");
        await bus.SendAsync("name", "to the heir").Guard();
        await heir.Output.WaitForAsync("to the heir");
    }

    [Fact]
    public async Task One_that_was_frozen_while_its_bus_was_killed_and_its_name_taken_is_told_who_has_it_and_is_back_when_that_one_is_killed()
    {
        await using var owner = await StartReadyAsync("subscribed", "inbox", "owner");
        await owner.FreezeAsync();
        await KillDaemonAsync();
        await StartDaemonAsync();
        await using var bus = await ConnectAsync();
        await using var heir = await StartReadyAsync("subscribed", "inbox", "owner");

        await owner.SignalAsync("CONT");

        await owner.Errors.WaitForAsync($"Client Name Taken: owner is process {heir.Id}");
        await bus.SendAsync("owner", "to the heir").Guard();
        await heir.Output.WaitForAsync("to the heir");
        await heir.SignalAsync("KILL");
        // It has not stopped trying, and says the same thing once.
        await owner.Errors.WaitForAsync("again");
        Assert.Single(owner.Errors.Lines, line => line.Contains("Client Name Taken", StringComparison.Ordinal));
        await ReachAsync(bus, "owner", "to the first one");
        await owner.Output.WaitForAsync("to the first one");
        Assert.DoesNotContain("to the heir", owner.Output.Text, StringComparison.Ordinal);
    }

    /// <summary>Who is back subscribes anew behind its connecting.</summary>
    private static Task ReachAsync(IBus bus, string name, string text) => Eventually.HoldsAsync(async () =>
    {
        try
        {
            await bus.SendAsync(name, text).Guard();
            return true;
        }
        catch (ClientAbsentException)
        {
            return false;
        }
    }, () => $"'{name}' has no inbox open.");

    private Task IsHereAsync(IBus bus, List<Identity> expected)
    {
        List<Identity> found = [];
        return Eventually.HoldsAsync(async () => (found = await WhoIsHereAsync(bus)).SequenceEqual(expected), () => $"Here are {string.Join(", ", found)} instead of {string.Join(", ", expected)}.");
    }

    /// <summary>All but the bus itself.</summary>
    private async Task<List<Identity>> WhoIsHereAsync(IBus bus) =>
        [.. (await bus.GetClientsAsync().Guard()).Where(client => client.Pid != Daemon.Id).Select(client => new Identity(client.Name, client.Id, client.Pid, client.Program)).OrderBy(one => one.Name, StringComparer.Ordinal)];

    private sealed record Identity(string Name, string Id, int? Pid, string? Program);
}

public sealed class UnixIdentityKillTests() : IdentityKillContract("bus");

public sealed class TcpIdentityKillTests() : IdentityKillContract(new RestartingTcpBus().Endpoint.ToString());
