using System.Text;
using System.Threading.Channels;
using Bus.Core.Messages;
using Bus.Core.Supervision;
using Bus.Core.Topics;
using Bus.Tests.Client;
using Bus.Tests.Core;
using Bus.Tests.Core.Topics;
using Bus.Transport.Connections;

namespace Bus.Tests.Transport.Connections;

/// <summary>A client comes back by another connection while the bus has not read all of the former one: what it publishes keeps its order.</summary>
public sealed class HandoverTests : IAsyncLifetime
{
    private const string Client = "\"lane\":0";
    private const string Lane = "\"lane\":1";

    private readonly Channel<string> _payloads = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource<Delivery> _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // A delivery that is held uses up the window, and whatever comes later stays in the socket.
    private readonly TestBus _bus = new() { Options = new ConnectionOptions { PublishWindow = 1024, CloseGrace = TimeSpan.FromHours(1) } };

    public async Task InitializeAsync()
    {
        await _bus.StartAsync();
        var topics = await _bus.Supervisor.Ask<IActorRef>(replyTo => new GetTopics(replyTo), TimeSpan.FromSeconds(30), CancellationToken.None);
        var registered = new TaskCompletionSource();
        topics.Tell(new Subscribe(new TestSubscriber(new RecordingRef { OnTell = Take }, "topic") { Origin = this }, new Waiter(_ => registered.SetResult())), ActorRefs.NoSender);
        await registered.Task.Guard();
    }

    public Task DisposeAsync() => _bus.DisposeAsync().AsTask();

    [Theory]
    [InlineData(Client)]
    [InlineData(Lane)]
    public async Task What_it_has_published_comes_before_what_it_publishes_when_it_is_back(string how)
    {
        using var client = await RawClient.ConnectAsync(_bus.Unix, Connect(Client));
        var before = how == Client ? client : await RawClient.ConnectAsync(_bus.Unix, Connect(how));
        await before.SendAsync($"PUB topic 2000\r\n{new string('x', 2000)}\r\n");
        var held = await _held.Task.Guard();
        await before.SendAsync(string.Concat(Enumerable.Range(0, 50).Select(n => $"PUB topic 2\r\n{n:00}\r\n")));
        before.Dispose();

        using var after = await ComeBackAsync(how);
        await after.SendAsync("PUB topic 3\r\nnew\r\n");
        held.Dispose();

        Assert.Equal([new string('x', 2000), .. Enumerable.Range(0, 50).Select(n => $"{n:00}"), "new"], await TakeAsync(52));
    }

    [Fact]
    public async Task All_that_a_client_with_several_sockets_has_published_comes_before_what_it_publishes_when_it_is_back()
    {
        using var client = await RawClient.ConnectAsync(_bus.Unix, Connect(Client));
        using var lane = await RawClient.ConnectAsync(_bus.Unix, Connect(Lane));
        await lane.SendAsync($"PUB topic 2000\r\n{new string('x', 2000)}\r\n");
        var held = await _held.Task.Guard();
        await lane.SendAsync("PUB topic 3\r\nold\r\n");
        lane.Dispose();
        client.Dispose();

        using var back = await ComeBackAsync(Client);
        using var after = await ComeBackAsync(Lane);
        await after.SendAsync("PUB topic 3\r\nnew\r\n");
        held.Dispose();

        Assert.Equal([new string('x', 2000), "old", "new"], await TakeAsync(3));
    }

    /// <summary>When it returns the bus knows that it is here, and has told whoever was here before. That it is heard, as a PONG would say, may take until that one has gone.</summary>
    private async Task<RawClient> ComeBackAsync(string how)
    {
        var client = await RawClient.ConnectAsync(_bus.Unix, connect: "");
        await client.SendAsync($"{Connect(how, isVerbose: true)}\r\n");
        await client.TakeUntilAsync("+OK\r\n");
        return client;
    }

    private static string Connect(string how, bool isVerbose = false) =>
        $$$"""CONNECT {"verbose":{{{(isVerbose ? "true" : "false")}}},"name":"me","headers":true,"bus":{"id":"mine","unique":true,"key":"secret",{{{how}}}}}""";

    private async Task<IReadOnlyList<string>> TakeAsync(int count)
    {
        var payloads = new List<string>();
        while (payloads.Count < count) payloads.Add(await _payloads.Reader.ReadAsync().AsTask().Guard());
        return payloads;
    }

    private void Take(object message)
    {
        if (message is not Delivery delivery) return;
        for (var n = 0; n < delivery.Count; n++) _payloads.Writer.TryWrite(Encoding.UTF8.GetString(delivery.Batch.Payload(delivery[n])));
        if (!_held.TrySetResult(delivery)) delivery.Dispose();
    }
}
