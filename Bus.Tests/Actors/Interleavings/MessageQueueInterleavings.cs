using System.Globalization;

namespace Bus.Tests.Actors.Interleavings;

/// <summary>
/// The queue of a mailbox, compiled from its own source with every access to shared memory a step: lend, put, append, take, release in all orders. Weak memory
/// is not explored: the steps of a run are in one order for all threads.
/// </summary>
public sealed class MessageQueueInterleavings
{
    [Theory]
    [InlineData(1, 3, 1)]
    [InlineData(2, 2, 1)]
    public async Task Nothing_is_lost_doubled_or_left_behind_with_a_few_preemptions_anywhere(int producers, int each, int preemptions)
    {
        var runs = await Explorer.ExhaustAsync(preemptions, choose => RunAsync(choose, boxes: 1, producers, each));
        Assert.True(runs > 50, $"Only {runs} interleavings: the steps are not seen.");
    }

    [Fact]
    public Task Nothing_is_lost_doubled_or_left_behind_in_any_order() => Explorer.DrawAsync(3_000, choose => RunAsync(choose, boxes: 1, producers: 3, each: 4));

    [Fact]
    public Task Queues_that_exchange_segments_keep_their_messages_apart() => Explorer.DrawAsync(3_000, choose => RunAsync(choose, boxes: 2, producers: 2, each: 3));

    private static async Task RunAsync(Choose choose, int boxes, int producers, int each)
    {
        SegmentPool.Reset();
        var targets = Enumerable.Range(0, boxes).Select(_ => new Box(producers)).ToArray();
        var threads = new List<Action>();
        for (var p = 0; p < producers; p++)
        {
            var producer = p;
            threads.Add(() =>
            {
                for (var n = 0; n < each; n++)
                {
                    foreach (var box in targets) box.Post(new Item(box, producer, n));
                }

                foreach (var box in targets) box.ProducerDone();
            });
        }

        threads.AddRange(targets.Select(box => (Action)box.Consume));
        await Interleaving.RunAsync(choose, [.. threads]);
        foreach (var box in targets) box.AssertGot(each);
    }

    private sealed record Item(Box To, int Producer, int Number);

    /// <summary>A queue with the bit of the mailbox that decides who runs it: a poster that does not set it relies on the run that has it to see the message.</summary>
    private sealed class Box
    {
        private readonly int _producers;
        private readonly List<Item> _got = [];
        private MessageQueue _queue;
        private int _status;
        private int _left;

        public Box(int producers) => _producers = _left = producers;

        public void Post(Item item)
        {
            _queue.Enqueue(item, null);
            if (Volatile.Read(ref _status) == 0) TrySchedule();
        }

        public void ProducerDone() => _left--;

        public void Consume()
        {
            while (true)
            {
                var isLast = _left == 0;
                if (Volatile.Read(ref _status) == 1) RunOnce();
                else if (isLast) return;
                else Interleaving.Wait();
            }
        }

        public void AssertGot(int each)
        {
            Assert.All(_got, item => Assert.Same(this, item.To));
            var expected = Enumerable.Range(0, _producers).Select(_ => Enumerable.Range(0, each)).ToArray();
            var got = Enumerable.Range(0, _producers).Select(p => _got.Where(i => i.Producer == p).Select(i => i.Number)).ToArray();
            for (var p = 0; p < _producers; p++)
            {
                Assert.True(expected[p].SequenceEqual(got[p]), string.Create(CultureInfo.InvariantCulture, $"Of producer {p} came {string.Join(' ', got[p])} instead of {string.Join(' ', expected[p])}."));
            }

            Assert.True(_queue.IsEmpty);
        }

        private void RunOnce()
        {
            while (_queue.TryDequeue(out var envelope)) _got.Add((Item)envelope.Message);
            _queue.ReleaseIfEmpty();
            Interlocked.CompareExchange(ref _status, 0, 1);
            if (!_queue.IsEmpty) TrySchedule();
        }

        private void TrySchedule() => Interlocked.CompareExchange(ref _status, 1, 0);
    }
}
