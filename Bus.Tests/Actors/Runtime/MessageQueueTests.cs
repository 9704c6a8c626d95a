using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Actors.Runtime;

/// <summary>The queue of a mailbox: the same as a plain queue, and with many threads nothing is lost, doubled, or out of a producer's order.</summary>
public sealed class MessageQueueTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private enum Step
    {
        Enqueue,
        Dequeue,
        Release,
    }

    [Fact]
    public void On_one_thread_it_does_what_a_queue_does() =>
        Prop.ForAll(Gen.Frequency((5, Gen.Constant(Step.Enqueue)), (4, Gen.Constant(Step.Dequeue)), (1, Gen.Constant(Step.Release))).ArrayOf().Resize(600).ToArbitrary(), steps =>
        {
            var queue = new MessageQueue();
            var model = new Queue<object>();
            foreach (var step in steps)
            {
                Do(step, ref queue, model);
                Assert.Equal(model.Count == 0, queue.IsEmpty);
            }

            while (model.Count > 0) Do(Step.Dequeue, ref queue, model);
            Assert.False(queue.TryDequeue(out _));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_released_queue_takes_messages_again()
    {
        var queue = new MessageQueue();
        for (var round = 0; round < 1_000; round++)
        {
            for (var i = 0; i < round % 80; i++) queue.Enqueue(i, null);
            for (var i = 0; i < round % 80; i++)
            {
                Assert.True(queue.TryDequeue(out var envelope));
                Assert.Equal(i, envelope.Message);
            }

            queue.ReleaseIfEmpty();
            Assert.True(queue.IsEmpty);
            Assert.False(queue.TryDequeue(out _));
        }
    }

    [Fact]
    public void A_release_keeps_what_is_in_it()
    {
        var queue = new MessageQueue();
        queue.Enqueue("kept", ActorRefs.Nobody);
        queue.ReleaseIfEmpty();
        Assert.True(queue.TryDequeue(out var envelope));
        Assert.Equal(("kept", (IActorRef)ActorRefs.Nobody), (envelope.Message, envelope.Sender));
    }

    /// <summary>
    /// Queues that keep exchanging segments through the pool, each with a consumer that releases whenever it finds nothing: a producer that is overtaken by a release,
    /// or by another queue's use of the same segment, would lose a message, put it into the wrong queue, or never return.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(40)]
    public void With_many_threads_each_queue_gets_its_messages_once_and_in_order(int burst)
    {
        const int Producers = 3;
        const int Each = 40_000;
        var queues = Enumerable.Range(0, 4).Select(_ => new Shared()).ToArray();
        var failures = new ConcurrentQueue<string>();
        var threads = new List<Thread>();
        for (var producer = 0; producer < Producers; producer++)
        {
            var number = producer;
            threads.Add(new Thread(() =>
            {
                for (var n = 0; n < Each; n += burst)
                {
                    foreach (var queue in queues)
                    {
                        for (var i = n; i < Math.Min(n + burst, Each); i++) queue.Messages.Enqueue(new Item(queue, number, i), null);
                    }
                }
            }));
        }

        threads.AddRange(queues.Select(queue => new Thread(() => queue.Consume(Producers, Each, failures))));
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) Assert.True(thread.Join(Guard), "A thread waits for ever.");
        Assert.Empty(failures);
        Assert.All(queues, queue => Assert.True(queue.Messages.IsEmpty));
    }

    private static void Do(Step step, ref MessageQueue queue, Queue<object> model)
    {
        switch (step)
        {
            case Step.Enqueue:
                var message = new object();
                queue.Enqueue(message, null);
                model.Enqueue(message);
                break;
            case Step.Dequeue:
                Assert.Equal(model.TryDequeue(out var expected), queue.TryDequeue(out var envelope));
                Assert.Same(expected, envelope.Message);
                break;
            default:
                queue.ReleaseIfEmpty();
                break;
        }
    }

    private sealed record Item(Shared To, int Producer, int Number);

    private sealed class Shared
    {
        public MessageQueue Messages;

        public void Consume(int producers, int each, ConcurrentQueue<string> failures)
        {
            var next = new int[producers];
            for (var left = producers * each; left > 0 && failures.IsEmpty;)
            {
                if (!Messages.TryDequeue(out var envelope))
                {
                    Messages.ReleaseIfEmpty();
                    Thread.Yield();
                    continue;
                }

                var item = (Item)envelope.Message;
                if (item.To != this || item.Number != next[item.Producer]++) failures.Enqueue($"Number {item.Number} of producer {item.Producer} came instead of {next[item.Producer] - 1}, or into the wrong queue.");
                left--;
            }
        }
    }
}
