using System.Text;
using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.Supervision;
using Bus.Core.Topics;
using Bus.Tests.Client;
using Bus.Tests.Core;
using Bus.Transport.Client;

namespace Bus.Tests.Transport.Connections;

/// <summary>What the bus says on a reply-to, nobody else can: a client that publishes bytes of its own choice included.</summary>
public sealed class BusVoiceTests : IAsyncLifetime, IRegistrationWaiter
{
    private readonly TestBus _bus = new();
    private readonly TaskCompletionSource _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task InitializeAsync() => _bus.StartAsync();

    public Task DisposeAsync() => _bus.DisposeAsync().AsTask();

    void IRegistrationWaiter.Registered(Subscriber subscriber) => _registered.TrySetResult();

    void IRegistrationWaiter.Refused(Subscriber subscriber, TopicRefusal refusal) => _registered.TrySetException(new InvalidOperationException(refusal.Text));

    [Theory]
    [InlineData("a", "NATS/1.0 503\r\n\r\n")]
    [InlineData("_INBOX.x", "NATS/1.0 503\r\nBus-Error: responder-lost\r\n\r\n")]
    [InlineData("$BUS.PUB.a", "NATS/1.0 413 too large\r\nBus-Error: payload-too-large\r\n\r\n")]
    [InlineData("$BUS.WILL.a", "NATS/1.0 200\r\nBus-Reached: 1\r\n\r\n")]
    public async Task A_message_with_a_status_is_refused_and_the_connection_goes_on(string topic, string headers)
    {
        using var other = await _bus.ConnectAsync();
        await other.FlushAsync("SUB > 1\r\n");
        using var client = await _bus.ConnectAsync();

        var said = await client.FlushAsync($"HPUB {topic} {headers.Length} {headers.Length + 2}\r\n{headers}hi\r\n");

        Assert.StartsWith($"-ERR 'Permissions Violation for Publish to \"{topic}\"", said, StringComparison.Ordinal);
        await client.FlushAsync("HPUB b 12 14\r\nNATS/1.0\r\n\r\nok\r\n");
        client.Dispose();
        Assert.Equal("HMSG b 1 12 14\r\nNATS/1.0\r\n\r\nok\r\n", await other.FlushAsync());
    }

    [Fact]
    public async Task An_answer_that_says_how_many_were_asked_before_the_bus_does_is_an_answer()
    {
        // Answers while it is being told, so that its answer is on the way before the bus counts.
        var responder = new RecordingRef { OnTell = message => Answer((Delivery)message, "NATS/1.0\r\nBus-Reached: 7\r\n\r\n", "odd") };
        var topics = await _bus.Supervisor.Ask<IActorRef>(replyTo => new GetTopics(replyTo), TimeSpan.FromSeconds(30), CancellationToken.None);
        topics.Tell(new Subscribe(new TestSubscriber(responder, "ask") { Origin = this }, this), ActorRefs.NoSender);
        await _registered.Task.Guard();
        await using var asker = await BusClient.ConnectAsync(_bus.Endpoint).Guard();

        var survey = await asker.SurveyAsync<string, string>("ask", "?", new SurveyOptions { Timeout = TimeSpan.FromHours(1) }).Guard();

        Assert.Equal((1, "odd"), (survey.Asked, Assert.Single(survey.Answers).Data));
    }

    [Fact]
    public async Task A_plain_client_knows_an_error_of_the_bus_by_its_status()
    {
        using var client = await _bus.ConnectAsync();
        await client.FlushAsync("SUB _INBOX.me 9\r\n");
        await client.SendAsync("PUB $BUS.TOPICS.DELETE _INBOX.me 1\r\na\r\n");
        Assert.StartsWith("NATS/1.0 404\r\nNats-Service-Error: ", (await client.TakeUntilAsync("\r\n\r\n")).Split("\r\n", 2)[1], StringComparison.Ordinal);
    }

    private void Answer(Delivery request, string headers, string payload)
    {
        var producer = new TestProducer(_bus.Slabs);
        var (slab, entry) = producer.Message(Encoding.UTF8.GetString(request.Batch.ReplyTo(0)), headers + payload);
        entry.HeaderLength = headers.Length;
        var builder = new BatchBuilder(_bus.Environment.Router, producer);
        builder.Append(slab, entry);
        builder.Flush();
        slab.Release();
        request.Dispose();
    }
}
