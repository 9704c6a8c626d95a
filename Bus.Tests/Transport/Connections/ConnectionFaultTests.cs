using Bus.Core.Presence;
using Bus.Tests.Processes;
using Bus.Transport.Connections;

namespace Bus.Tests.Transport.Connections;

/// <summary>A bug in one connection, injected into its actor: the connection ends, its subscriptions go, and all others go on.</summary>
public sealed class ConnectionFaultTests
{
    public static TheoryData<string> Faults => ["reader", "poison"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_in_one_connection_leaves_all_others_undisturbed(string fault)
    {
        var (tap, problems) = (new ConnectionTap(), new ProblemRecorder());
        await using var bus = new TestBus { Tap = tap.Insert, Observer = problems };
        await bus.StartAsync();
        using var victim = await bus.ConnectAsync();
        await victim.FlushAsync("SUB victim.* 1\r\nSUB all 2\r\nSUB jobs workers 3\r\n");
        using var other = await bus.ConnectAsync();
        await other.FlushAsync("SUB all 1\r\nSUB jobs workers 2\r\nSUB _INBOX.* 3\r\n");

        object message = fault == "reader" ? new ReaderEnded(new InvalidOperationException("injected")) : new Bus.Transport.Connections.Received(null!);
        tap.ConnectionOf("victim.*").Tell(message, ActorRefs.NoSender);

        await victim.ReadToEndAsync();
        var problem = await problems.NextAsync();
        Assert.Equal((ConnectionProblemKind.Failed, 1L), (problem.Kind, problem.ConnectionId));
        Assert.NotNull(problem.Cause);
        Assert.NotNull(problem.Client);
        // The subscriptions of the one that failed are released: nobody is there, and its queue group has one member less.
        await Eventually.HoldsAsync(() => bus.Environment.Router.Match("victim.x"u8).Count == 0, () => "The subscriptions of the connection that failed are gone.");
        Assert.Equal("HMSG _INBOX.1 3 16 16\r\nNATS/1.0 503\r\n\r\n\r\n", await other.FlushAsync("PUB victim.x _INBOX.1 0\r\n\r\n"));
        Assert.Equal("MSG all 1 1\r\nx\r\n", await other.FlushAsync("PUB all 1\r\nx\r\n"));
        Assert.Equal("MSG jobs 2 1\r\n1\r\nMSG jobs 2 1\r\n2\r\n", await other.FlushAsync("PUB jobs 1\r\n1\r\nPUB jobs 1\r\n2\r\n"));
        using var next = await bus.ConnectAsync();
        Assert.Equal("MSG all 1 1\r\ny\r\n", await next.FlushAsync("SUB all 1\r\nPUB all 1\r\ny\r\n"));

        next.Dispose();
        other.Dispose();
        await bus.NothingLeftAsync();
    }

    [Fact]
    public async Task A_request_whose_responders_connection_ends_is_answered_at_once()
    {
        await using var bus = new TestBus();
        var (client, responder) = await RequestAsync(bus);
        responder.Dispose();

        await client.TakeUntilAsync("HMSG _INBOX.1 9 43 43\r\nNATS/1.0 503\r\nBus-Error: responder-lost\r\n\r\n\r\n");
        client.Dispose();
        await bus.NothingLeftAsync();
    }

    [Fact]
    public async Task A_request_that_was_answered_is_not_reported_as_lost()
    {
        await using var bus = new TestBus();
        var (client, responder) = await RequestAsync(bus);
        await responder.FlushAsync("PUB _INBOX.1 2\r\nok\r\n");
        await client.TakeUntilAsync("MSG _INBOX.1 9 2\r\nok\r\n");
        responder.Dispose();

        // When the responder's subscription is gone, what its end caused has been said.
        var heard = "";
        while (!heard.Contains("NATS/1.0 503\r\n\r\n", StringComparison.Ordinal)) heard += await client.FlushAsync("PUB svc _INBOX.2 0\r\n\r\n");
        Assert.DoesNotContain("responder-lost", heard, StringComparison.Ordinal);
        client.Dispose();
        await bus.NothingLeftAsync();
    }

    /// <summary>A client that has sent a marked request, and the responder that has received it.</summary>
    private static async Task<(RawClient Client, RawClient Responder)> RequestAsync(TestBus bus)
    {
        await bus.StartAsync();
        var responder = await bus.ConnectAsync();
        await responder.FlushAsync("SUB svc 1\r\n");
        var client = await bus.ConnectAsync();
        await client.FlushAsync("SUB _INBOX.* 9\r\n");
        await client.SendAsync("HPUB svc _INBOX.1 28 30\r\nNATS/1.0\r\nBus-Request: 1\r\n\r\nhi\r\n");
        await responder.TakeUntilAsync("\r\nhi\r\n");
        return (client, responder);
    }
}
