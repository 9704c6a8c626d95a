using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Presence;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;

namespace Bus.Tests.EndToEnd;

/// <summary>Processes that know nothing but the protocol of NATS, or not even that: a shell that writes to a socket and then only reads. They freeze and are killed.</summary>
public sealed class PlainClientKillTests : IAsyncLifetime
{
    private readonly TaskCompletionSource<ConnectionProblem> _problem = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private BusListener _listener = null!;

    private IBus Bus => _listener.Node.Bus;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _listener.DisposeAsync().AsTask().Guard();

    [Fact]
    public async Task One_that_is_killed_has_left_its_will_and_is_counted_until_then()
    {
        await ListenAsync(new ConnectionOptions());
        await using var watching = await Watching.StartAsync(Bus);
        await using var wills = await Bus.OpenSubscriptionAsync<string>("wills").Guard();
        await Bus.PublishConfirmedAsync("state", "kept", new PublishOptions { Retain = true }).Guard();
        await using var victim = Start("""
            CONNECT {"verbose":false,"headers":true,"name":"plain"}\r\nSUB news 1\r\nSUB _INBOX.a 2\r\nPUB $BUS.WILL.wills 4\r\ndead\r\nPUB $BUS.PUB.news _INBOX.a 5\r\nhello\r\nSUB state 3\r\nPING\r\n
            """);
        foreach (var text in new[] { "MSG news 1 5", "{\"reached\":1}", "kept", "PONG" }) await victim.Output.WaitForAsync(text);
        var client = (await Bus.GetClientsAsync().Guard()).Single(client => client.Name.StartsWith("client-", StringComparison.Ordinal));
        await victim.FreezeAsync();
        Assert.Equal(1, (await Bus.PublishConfirmedAsync("news", "while it is frozen").Guard()).Reached);

        await victim.SignalAsync("KILL");

        Assert.Equal(LeaveReason.Lost, (await watching.NextAsync(PresenceKind.Leave, client.Name)).Reason);
        Assert.Equal(["dead"], await wills.TakeDataAsync(1));
        await Eventually.HoldsAsync(async () => (await Bus.PublishConfirmedAsync("news", "?").Guard()).Reached == 0, () => "It is still subscribed.");
    }

    [Fact]
    public async Task One_without_a_name_gets_it_from_the_generator_and_the_next_another_until_that_one_is_killed()
    {
        const string Introduction = @"CONNECT {""verbose"":false}\r\nPING\r\n";
        await ListenAsync(new ConnectionOptions { GenerateName = _ => "terminal" });
        await using var watching = await Watching.StartAsync(Bus);
        await using var victim = Start(Introduction);
        await watching.NextAsync(PresenceKind.Join, "terminal");
        await victim.FreezeAsync();

        // Frozen, it has the name all the same.
        await using var second = Start(Introduction);
        await second.Output.WaitForAsync("PONG");
        var other = Assert.Single(await Bus.GetClientsAsync().Guard(), client => client.Name.StartsWith("client-", StringComparison.Ordinal));
        Assert.Matches("^client-[0-9]+-[0-9a-f]{6}$", other.Name);
        await victim.SignalAsync("KILL");
        Assert.Equal(LeaveReason.Lost, (await watching.NextAsync(PresenceKind.Leave, "terminal")).Reason);
        await using var third = Start(Introduction);

        await watching.NextAsync(PresenceKind.Join, "terminal");
        Assert.Contains(await Bus.GetClientsAsync().Guard(), client => client == other);
    }

    [Theory]
    [InlineData("")]
    [InlineData("NONSENSE before CONNECT\\r\\n")]
    [InlineData("CONNECT {\"verbose\":fal")]
    public async Task One_that_does_not_introduce_itself_is_closed_in_time_though_it_is_frozen(string text)
    {
        await ListenAsync(new ConnectionOptions { ConnectTimeout = TimeSpan.FromMilliseconds(500), CloseGrace = TimeSpan.FromMilliseconds(50) });
        await using var stranger = Start(text, "kill -STOP $$; ");

        Assert.Equal(ConnectionProblemKind.ProtocolError, (await _problem.Task.Guard()).Kind);
        await Eventually.HoldsAsync(async () => (await Bus.GetStatisticsAsync().Guard()).Connections == 0, () => "Its connection is still there.");
        await stranger.SignalAsync("CONT");
        await stranger.ExitAsync();
    }

    private async Task ListenAsync(ConnectionOptions connections)
    {
        _listener = await BusListener.StartAsync([BusEndpoint.Parse("tcp://127.0.0.1:0")], connections: connections).Guard();
        _listener.Node.ConnectionFailed += (_, failed) => _problem.TrySetResult(failed.Problem);
    }

    /// <summary>A process that says this to the bus and prints what it hears. It is one process: who kills it closes the socket.</summary>
    private ToolProcess Start(string text, string then = "") => ToolProcess.Start(
        "bash",
        ["-c", $"exec 3<>\"/dev/tcp/127.0.0.1/$0\"; printf '%b' \"$1\" >&3; {then}exec cat <&3", _listener.Endpoints[0].Port!.Value.ToString(CultureInfo.InvariantCulture), text.TrimEnd()]);
}
