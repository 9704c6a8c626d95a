using Bus.Tests.Interop.Differential;
using Bus.Tests.Interop.Tools;
using Bus.Tests.Transport.Connections;

namespace Bus.Tests.Interop;

/// <summary>The same conversation with nats-server and with our bus: the answers are the same, or the table says why not.</summary>
public sealed class NatsServerDifferentialTests(NatsServerProcess natsServer) : IClassFixture<NatsServerProcess>, IAsyncLifetime
{
    private readonly TestBus _bus = new();

    public static TheoryData<string> Names => [.. Transcripts.All.Select(t => t.Name)];

    public Task InitializeAsync() => _bus.StartAsync();

    public Task DisposeAsync() => _bus.DisposeAsync().AsTask();

    [NatsServerTheory]
    [MemberData(nameof(Names))]
    public async Task We_answer_as_nats_server_does(string name)
    {
        var transcript = Transcripts.All.Single(t => t.Name == name);
        using var theirs = new Conversation(natsServer.Endpoint, transcript);
        using var ours = new Conversation(_bus.Tcp, transcript);

        var (expected, actual) = (await theirs.HoldAsync(), await ours.HoldAsync());

        if (transcript.WhyDifferent is null)
        {
            // Both in full: what Assert.Equal cuts off is what one wants to read.
            Assert.True(expected == actual, $"{name}\nnats-server:\n{expected}ours:\n{actual}");
        }
        else
        {
            Assert.Equal(transcript.Ours, actual);
            Assert.True(expected != actual, $"The reason no longer holds, the answers are the same: {transcript.WhyDifferent}");
        }
    }
}
