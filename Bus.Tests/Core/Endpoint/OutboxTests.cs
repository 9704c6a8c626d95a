using System.Text;
using Bus.Core.Buffers;
using Bus.Core.Client;
using Bus.Core.Endpoint;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bus.Tests.Core.Endpoint;

public sealed class OutboxTests : IDisposable
{
    private readonly SlabPool _slabs = new(poison: true);
    private readonly RecordingRef _endpoint = new();
    private readonly EndpointLink _link;
    private readonly Outbox _outbox;

    public OutboxTests()
    {
        _link = new EndpointLink("test", 1_000_000, TimeProvider.System, NullLoggerFactory.Instance) { Slabs = _slabs };
        _outbox = new Outbox(_endpoint, _link);
    }

    public void Dispose() => _link.Dispose();

    [Fact]
    public void What_is_published_before_the_endpoint_comes_to_it_is_told_once()
    {
        Publish("a", "b", "c");
        var batch = Assert.IsType<OutgoingBatch>(Assert.Single(_endpoint.Messages));
        Assert.Equal(["a", "b", "c"], Texts(batch));
    }

    [Fact]
    public void A_sealed_batch_gets_no_more()
    {
        Publish("a");
        Assert.IsType<OutgoingBatch>(Assert.Single(_endpoint.Messages)).Seal();
        Publish("b");
        Assert.Equal([["a"], ["b"]], _endpoint.Messages.Cast<OutgoingBatch>().Select(Texts));
    }

    [Fact]
    public void A_command_keeps_its_place_among_what_its_caller_publishes()
    {
        Publish("before");
        _outbox.Tell("command");
        Publish("after");
        Assert.Collection(_endpoint.Messages, m => Assert.Equal(["before"], Texts(m)), m => Assert.Equal("command", m), m => Assert.Equal(["after"], Texts(m)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(100_000)]
    public void Any_number_of_any_size_arrives_in_order_and_gives_everything_back(int size)
    {
        const int count = 3_000;
        var payload = new byte[size];
        for (var i = 0; i < count; i++)
        {
            Publish($"t.{i}", payload);
            if (i % 500 != 0) continue;
            foreach (var batch in _endpoint.Messages.Cast<OutgoingBatch>()) batch.Seal();
        }

        var topics = new List<string>();
        foreach (var batch in _endpoint.Messages.Cast<OutgoingBatch>())
        {
            for (var i = 0; i < batch.Count; i++)
            {
                topics.Add(Encoding.UTF8.GetString(batch.Topic(i)));
                Assert.Equal(size, batch[i].BodyLength);
            }

            batch.Return();
        }

        Assert.Equal(Enumerable.Range(0, count).Select(i => $"t.{i}"), topics);
        Assert.Equal(0, _slabs.Outstanding);
        Assert.Equal(0, _link.Window.Count);
    }

    [Fact]
    public async Task Each_of_many_callers_keeps_its_order_while_the_endpoint_takes_batches_out()
    {
        const int callers = 4, count = 5_000;
        var publishing = Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() =>
        {
            for (var i = 0; i < count; i++) Publish($"{caller}.{i}");
        })));
        var next = new int[callers];
        var taken = 0;
        while (taken < callers * count)
        {
            Assert.False(publishing.IsFaulted);
            if (!_endpoint.TryTake(out var message)) continue;
            foreach (var parts in Texts(message).Select(text => text.Split('.')))
            {
                Assert.Equal(next[int.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture)]++, int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture));
                taken++;
            }

            ((OutgoingBatch)message).Return();
        }

        await publishing;
        Assert.Equal(0, _slabs.Outstanding);
        Assert.Equal(0, _link.Window.Count);
    }

    [Fact]
    public void When_it_is_closed_whoever_comes_late_hears_of_it_and_nothing_is_left_behind()
    {
        Publish("before");
        _outbox.Close();
        Assert.Equal("late", Assert.Throws<BusClosedException>(() => Publish("late")).Topic);
        Assert.Throws<BusClosedException>(() => { _ = _outbox.AskAsync<FlushCommand>(replyTo => new FlushCommand(replyTo), Timeout.InfiniteTimeSpan, CancellationToken.None); });
        var (replies, ignored) = (new RecordingRef(), new object());
        _outbox.Tell(new FlushCommand(replies));
        _outbox.Tell(ignored);

        Assert.IsType<BusClosedException>(Assert.IsType<Status.Failure>(Assert.Single(replies.Messages)).Cause);
        var batch = Assert.IsType<OutgoingBatch>(Assert.Single(_endpoint.Messages));
        Assert.Equal(["before"], Texts(batch));
        batch.Return();
        Assert.Equal(0, _slabs.Outstanding);
        Assert.Equal(0, _link.Window.Count);
    }

    private void Publish(params string[] topics)
    {
        foreach (var topic in topics) Publish(topic, []);
    }

    private void Publish(string topic, byte[] payload)
    {
        var message = OutgoingMessage.Create(Encoding.UTF8.GetBytes(topic), replyTo: null, headers: null, isRequest: false, payload, PayloadCodec.Default, topic);
        _link.Window.Enter(message.Weight);
        _outbox.Publish(message);
    }

    private static string[] Texts(object message)
    {
        var batch = (OutgoingBatch)message;
        batch.Seal();
        return [.. Enumerable.Range(0, batch.Count).Select(i => Encoding.UTF8.GetString(batch.Topic(i)))];
    }
}
