using System.Threading.Channels;
using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Core.Presence;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;

namespace Bus.Tests.EndToEnd;

/// <summary>A bus inside this process, and clients in others that are killed, freeze or do not read: whoever runs it hears of each by its name and process, and its own calls end.</summary>
public abstract class HostKillTests(string url) : IAsyncLifetime
{
    // For calls that are not to end because of their own timeout.
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-host-");
    private readonly Channel<EventArgs> _events = Channel.CreateUnbounded<EventArgs>();
    private BusListener _listener = null!;

    private IBus Bus => _listener.Node.Bus;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _listener.DisposeAsync().AsTask().Guard();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task One_that_is_killed_leaves_by_name_and_process_and_cannot_be_reached_any_more()
    {
        await ListenAsync();
        await using var victim = await StartReadyAsync("inbox", "victim");
        var joined = (await NextAsync<ClientJoinedEventArgs>(e => e.Client.Name == "victim")).Client;
        Assert.Equal((victim.Id, _listener.Endpoints[0].ToString()), (joined.Pid, joined.Endpoint));
        await Bus.DeliverAsync("victim", "hello").Guard();
        await victim.FreezeAsync();
        var delivery = Bus.DeliverAsync("victim", "once more", new DeliverOptions { Timeout = Never });

        await victim.SignalAsync("KILL");

        await Assert.ThrowsAsync<ConnectionLostException>(() => delivery.Guard());
        var left = await NextAsync<ClientLeftEventArgs>(e => e.Client.Name == "victim");
        Assert.Equal((joined, LeaveReason.Lost), (left.Client, left.Reason));
        await Assert.ThrowsAsync<ClientAbsentException>(() => Bus.SendAsync("victim", "and again").Guard());
    }

    [Fact]
    public async Task One_that_freezes_is_a_problem_of_its_name_and_process_and_what_waits_for_it_ends()
    {
        await ListenAsync(new ConnectionOptions { PingInterval = TimeSpan.FromSeconds(2) });
        await using var victim = await StartReadyAsync("inbox", "victim");
        await victim.FreezeAsync();
        var delivery = Bus.DeliverAsync("victim", "hello", new DeliverOptions { Timeout = Never });

        var stale = (await NextAsync<ConnectionFailedEventArgs>()).Problem;
        Assert.Equal((ConnectionProblemKind.Stale, "victim", victim.Id), (stale.Kind, stale.Client?.Name, stale.Client?.Pid));
        Assert.Equal(LeaveReason.Stale, (await NextAsync<ClientLeftEventArgs>(e => e.Client.Name == "victim")).Reason);
        await Assert.ThrowsAsync<ConnectionLostException>(() => delivery.Guard());
        await victim.SignalAsync("CONT");
        Assert.Equal(victim.Id, (await NextAsync<ClientJoinedEventArgs>(e => e.Client.Name == "victim")).Client.Pid);
    }

    [Fact]
    public async Task One_that_does_not_read_is_closed_with_its_name_and_process_and_the_others_get_everything()
    {
        await ListenAsync(new ConnectionOptions { MaxPending = 2 * 1024 * 1024 });
        await using var victim = await StartReadyAsync("sub", "big");
        var name = (await NextAsync<ClientJoinedEventArgs>(e => e.Client.Pid == victim.Id)).Client.Name;
        var arrived = 0;
        await using var here = await Bus.OpenSubscriptionAsync<byte[]>("big", (_, _) =>
        {
            arrived++;
            return default;
        }).Guard();
        await victim.FreezeAsync();

        var (failed, published) = (NextAsync<ConnectionFailedEventArgs>(), 0);
        for (var payload = new byte[64 * 1024]; !failed.IsCompleted; published++) Assert.InRange((await Bus.PublishConfirmedAsync("big", payload, timeout: Never).Guard()).Reached, 1, 2);

        var slow = (await failed).Problem;
        Assert.Equal((ConnectionProblemKind.SlowConsumer, name, victim.Id), (slow.Kind, slow.Client?.Name, slow.Client?.Pid));
        Assert.Equal(LeaveReason.SlowConsumer, (await NextAsync<ClientLeftEventArgs>(e => e.Client.Name == name)).Reason);
        await here.DrainAsync().Guard();
        Assert.Equal(published, arrived);
    }

    [Fact]
    public async Task One_that_did_not_read_is_told_so_when_it_reads_again_and_comes_back()
    {
        // No budget: the first message that has to wait ends it. From then on it has as long as it needs to read what is left.
        await ListenAsync(new ConnectionOptions { MaxPending = 2 * 1024 * 1024, StallBudget = TimeSpan.Zero, CloseGrace = TimeSpan.FromMinutes(10) });
        await using var frozen = await StartReadyAsync("sub", "big", "--raw");
        await using var client = await BusClient.ConnectAsync(_listener.Endpoints[0], new BusClientOptions { Name = "stuck", ReceiveWindow = 64 * 1024, ReconnectMinDelay = TimeSpan.FromMilliseconds(5) }).Guard();
        var (release, after) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var stuck = await client.OpenSubscriptionAsync<string>("big", async (message, token) =>
        {
            await release.Task.WaitAsync(token);
            if (message.Data == "after") after.TrySetResult();
        }, new SubscriptionOptions { Capacity = 1, StallTimeout = Never }).Guard();
        var arrived = 0;
        await using var here = await Bus.OpenSubscriptionAsync<byte[]>("big", (_, _) =>
        {
            arrived++;
            return default;
        }).Guard();
        await frozen.FreezeAsync();

        // Another process publishes as fast as it can.
        await using var publisher = Start("pub", "big", "--lines");
        var (closed, published, line) = (Task.WhenAll(NextAsync<ConnectionFailedEventArgs>(), NextAsync<ConnectionFailedEventArgs>()), 0, new string('p', 16 * 1024) + "\n");
        for (; !closed.IsCompleted; published++) await publisher.WriteAsync(line);
        publisher.CloseInput();
        Assert.Equal(0, await publisher.ExitAsync());
        Assert.All(await closed, failed => Assert.Equal(ConnectionProblemKind.SlowConsumer, failed.Problem.Kind));
        await here.DrainAsync().Guard();
        Assert.Equal(published, arrived);

        var (told, back) = (client.NoticeAsync(BusNoticeKind.TooSlow), client.NextAsync(BusState.Connected));
        release.SetResult();
        await frozen.SignalAsync("CONT");

        Assert.Contains("reads more slowly than what arrives", (await told).Text, StringComparison.Ordinal);
        await back;
        await frozen.Errors.WaitForAsync("reads more slowly than what arrives");
        await frozen.Errors.WaitForAsync("again");
        // They subscribe anew behind their connecting.
        var reached = 0;
        await Eventually.HoldsAsync(async () => (reached = (await Bus.PublishConfirmedAsync("big", "after", timeout: Never).Guard()).Reached) == 2, () => $"{reached} of 2 subscribe again.");
        await after.Task.Guard();
    }

    [Fact]
    public async Task One_that_wants_the_name_of_another_is_refused_by_name_and_process_also_if_that_one_is_frozen()
    {
        await ListenAsync();
        await using var owner = await StartReadyAsync("inbox", "owner");
        await owner.FreezeAsync();
        await using var second = Start("inbox", "owner");

        var refused = (await NextAsync<ConnectionFailedEventArgs>()).Problem;
        Assert.Equal((ConnectionProblemKind.NameRefused, "owner", second.Id), (refused.Kind, refused.Client?.Name, refused.Client?.Pid));
        Assert.Equal(1, await second.ExitAsync());
        Assert.Contains($"owner is process {owner.Id}", second.Errors.Text, StringComparison.Ordinal);
    }

    private async Task ListenAsync(ConnectionOptions? connections = null) =>
        _listener = await BusListener.StartAsync([BusEndpoint.Parse(url, _directory.FullName)], new IpcBusOptions { Starting = Hear }, connections).Guard();

    private ToolProcess Start(params string[] arguments) => ToolProcess.StartIpcBus([.. arguments, "--url", _listener.Endpoints[0].ToString()]);

    private async Task<ToolProcess> StartReadyAsync(params string[] arguments)
    {
        var process = Start(arguments);
        await process.Errors.WaitForAsync("subscribed");
        return process;
    }

    private void Hear(BusNode node)
    {
        node.ClientJoined += (_, e) => _events.Writer.TryWrite(e);
        node.ClientLeft += (_, e) => _events.Writer.TryWrite(e);
        node.ConnectionFailed += (_, e) => _events.Writer.TryWrite(e);
    }

    /// <summary>The next event of this kind; others before it are skipped.</summary>
    private async Task<T> NextAsync<T>(Func<T, bool>? isIt = null)
        where T : EventArgs
    {
        while (true)
        {
            if (await _events.Reader.ReadAsync().AsTask().Guard() is T found && isIt?.Invoke(found) != false) return found;
        }
    }
}

public sealed class UnixHostKillTests() : HostKillTests("bus");

public sealed class TcpHostKillTests() : HostKillTests("tcp://127.0.0.1:0");
