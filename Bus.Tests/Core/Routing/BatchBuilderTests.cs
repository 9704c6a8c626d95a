using System.Text;
using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Core.Routing;

namespace Bus.Tests.Core.Routing;

public sealed class BatchBuilderTests
{
    private readonly Router _router = new();
    private readonly SlabPool _slabs = new(poison: true);
    private readonly TestProducer _producer;
    private readonly BatchBuilder _builder;

    public BatchBuilderTests()
    {
        _producer = new TestProducer(_slabs);
        _builder = new BatchBuilder(_router, _producer);
    }

    [Fact]
    public void Messages_for_one_topic_actor_become_one_batch_in_their_order()
    {
        var topic = Subscribe("a.*");
        var slab = Publish("a.1", "a.2", "a.1");
        _builder.Flush();

        var batch = Assert.IsType<PublishBatch>(Assert.Single(topic.Messages));

        Assert.Equal(["a.1", "a.2", "a.1"], Enumerable.Range(0, batch.Count).Select(i => Encoding.UTF8.GetString(batch.Topic(i))));
        batch.Release();
        slab.Release();
        Assert.Equal(0, _slabs.Outstanding);
        Assert.Equal(0, _producer.InFlight);
    }

    [Fact]
    public void A_message_that_two_filters_match_is_in_the_batch_of_each_and_their_orders_are_kept()
    {
        var (wide, exact) = (Subscribe("a.*"), Subscribe("a.1"));
        Publish("a.1", "a.2", "a.1");
        _builder.Flush();

        Assert.Equal(3, ((PublishBatch)Assert.Single(wide.Messages)).Count);
        Assert.Equal(2, ((PublishBatch)Assert.Single(exact.Messages)).Count);
    }

    [Fact]
    public void A_confirmed_message_whose_batches_are_dropped_is_answered_when_the_last_of_them_is()
    {
        var (wide, exact, inbox) = (Subscribe("a.*"), Subscribe("a.1"), Subscribe("inbox"));
        var (slab, entry) = _producer.Message("$BUS.PUB.a.1", "hi", replyTo: "inbox");
        _builder.Append(slab, entry);
        _builder.Flush();
        slab.Release();

        ((PublishBatch)Assert.Single(wide.Messages)).Release();
        Assert.Empty(inbox.Messages);
        var last = (PublishBatch)Assert.Single(exact.Messages);
        Assert.Equal("a.1", Encoding.UTF8.GetString(last.Topic(0)));
        Assert.False(last.HasReplies);
        last.Release();

        var answer = (PublishBatch)Assert.Single(inbox.Messages);
        Assert.Equal("{\"reached\":0}", Encoding.UTF8.GetString(answer.Payload(0)));
        answer.Release();
        Assert.Equal(0, _slabs.Outstanding);
        Assert.Equal(0, _producer.InFlight);
    }

    [Fact]
    public void A_request_that_nobody_is_there_for_is_answered_to_the_requester_alone()
    {
        var inbox = Subscribe("_INBOX.1.*");
        var (slab, entry) = _producer.Message("nobody.home", "question", "_INBOX.1.7");
        _builder.Append(slab, entry);

        var answer = Assert.IsType<PublishBatch>(Assert.Single(inbox.Messages));

        Assert.True(answer.OnlyOrigin);
        Assert.Equal("_INBOX.1.7", Encoding.UTF8.GetString(answer.Topic(0)));
        Assert.StartsWith("NATS/1.0 503", Encoding.UTF8.GetString(answer.Headers(0)));
    }

    [Fact]
    public void A_fence_goes_to_the_endpoint_first_and_then_through_every_topic_actor_told_since_the_last_one()
    {
        var (first, second, endpoint) = (Subscribe("a"), Subscribe("b"), new RecordingRef());
        Publish("a", "b", "a");
        _builder.StartFence(endpoint);
        Publish("b");
        _builder.StartFence(endpoint);

        Assert.Equal([typeof(PublishBatch), typeof(Fence)], first.Messages.Select(m => m.GetType()));
        Assert.Equal([typeof(PublishBatch), typeof(Fence), typeof(PublishBatch), typeof(Fence)], second.Messages.Select(m => m.GetType()));
        Assert.Equal(2, endpoint.Messages.Count);
    }

    [Fact]
    public void A_fence_has_nobody_to_wait_for_when_all_that_was_told_has_arrived()
    {
        var (topic, endpoint) = (Subscribe("a.1"), new RecordingRef());
        Publish("a.1").Release();
        _builder.Flush();
        Assert.True(_builder.HasTold);
        ((PublishBatch)Assert.Single(topic.Messages)).Release();

        Assert.False(_builder.HasTold);
        _builder.StartFence(endpoint);

        Assert.Single(topic.Messages);
        Assert.True(((Fence)Assert.Single(endpoint.Messages)).IsDone);
    }

    [Fact]
    public void More_topics_than_are_kept_get_every_message_once_and_in_order()
    {
        var topics = Enumerable.Range(0, MatchCache.Capacity + 3_000).Select(i => $"many.{i}").ToArray();
        var recipients = topics.Select(topic => Subscribe(topic)).ToArray();
        for (var round = 0; round < 3; round++)
        {
            foreach (var read in topics.Chunk(1_500))
            {
                // Twice in one read, the second time with others between.
                Publish([.. read, .. read]).Release();
                _builder.Flush();
            }
        }

        Assert.All(topics.Zip(recipients), pair =>
        {
            var batches = pair.Second.Messages.OfType<PublishBatch>().ToList();
            Assert.Equal(6, batches.Sum(b => b.Count));
            Assert.All(batches, b => Assert.All(Enumerable.Range(0, b.Count), i => Assert.Equal(pair.First, Encoding.UTF8.GetString(b.Topic(i)))));
            foreach (var batch in batches) batch.Release();
        });
        Assert.Equal(0, _slabs.Outstanding);
        Assert.Equal(0, _producer.InFlight);
    }

    [Fact]
    public void A_queue_name_shared_by_overlapping_filters_is_served_by_one_of_them_per_message()
    {
        var (wide, exact) = (Subscribe("a.*", "workers"), Subscribe("a.1", "workers"));
        for (var i = 0; i < 10; i++) Publish("a.1");
        _builder.Flush();

        var batches = new[] { wide, exact }.Select(r => (PublishBatch)r.Messages.Single()).ToArray();

        for (var i = 0; i < 10; i++) Assert.Single(batches, b => b[i].ExcludedQueues is null);
        Assert.All(batches, b => Assert.Equal(5, Enumerable.Range(0, 10).Count(i => b[i].ExcludedQueues is null)));
    }

    [Fact]
    public void A_shared_queue_name_is_shared_out_topic_by_topic()
    {
        var wide = Subscribe("*.1", "workers");
        var others = new[] { Subscribe("a.1", "workers"), Subscribe("b.1", "workers") };
        for (var i = 0; i < 10; i++) Publish("a.1", "b.1");
        _builder.Flush();

        foreach (var exact in others)
        {
            var batch = (PublishBatch)exact.Messages.Single();
            Assert.Equal(5, Enumerable.Range(0, batch.Count).Count(i => batch[i].ExcludedQueues is null));
        }

        Assert.Equal(10, Enumerable.Range(0, 20).Count(i => ((PublishBatch)wide.Messages.Single())[i].ExcludedQueues is null));
    }

    private RecordingRef Subscribe(string filter, params string[] queues)
    {
        var topic = new RecordingRef();
        _router.Add(new TopicRoute(filter, topic) { QueueNames = queues });
        _router.Publish();
        return topic;
    }

    /// <summary>Publishes to these topics from one slab, as one read would.</summary>
    private Slab Publish(params string[] topics)
    {
        var slab = _slabs.Rent(SlabPool.LargeSize);
        var at = 0;
        foreach (var topic in topics)
        {
            var length = Encoding.UTF8.GetBytes(topic, slab.Bytes.AsSpan(at));
            _builder.Append(slab, new BatchEntry { TopicOffset = at, TopicLength = length, BodyOffset = at + length });
            at += length;
        }

        return slab;
    }
}
