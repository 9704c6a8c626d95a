using System.Collections.Concurrent;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Actors.Properties;

/// <summary>Many senders on real threads: whatever they do at the same time, nothing is lost, doubled, or out of a sender's order.</summary>
public sealed class MailboxProperties : ActorTestKit
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    private static Arbitrary<int[]> Senders => Gen.Choose(0, 150).ArrayOf().Resize(12).ToArbitrary();

    [Fact]
    public void Each_senders_messages_arrive_once_and_in_order() =>
        Prop.ForAll(Senders, counts =>
        {
            var received = new List<Item>();
            var actor = Sys.ActorOf(Props.Create(() => new Collector(received, int.MaxValue)));
            SendAll(actor, counts);
            Assert.True(actor.GracefulStop(Guard).Wait(Guard));
            Assert.Equal(counts.Sum(), received.Count);
            AssertOrder(received, counts);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_failing_message_is_the_only_one_lost() =>
        Prop.ForAll(Senders, Gen.Choose(2, 9).ToArbitrary(), (counts, failEvery) =>
        {
            var received = new List<Item>();
            var actor = Sys.ActorOf(Props.Create(() => new Collector(received, int.MaxValue)));
            SendAll(actor, counts, item => item.Number % failEvery == 0);
            Assert.True(actor.GracefulStop(Guard).Wait(Guard));
            Assert.Equal(counts.Sum(n => n - FailuresIn(n, failEvery)), received.Count);
            Assert.DoesNotContain(received, item => item.Number % failEvery == 0);
            AssertOrder(received, counts);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_stop_in_the_middle_turns_the_rest_into_dead_letters() =>
        Prop.ForAll(Senders, Gen.Choose(0, 300).ToArbitrary(), (counts, stopAfter) =>
        {
            var received = new List<Item>();
            var dead = new ConcurrentBag<Item>();
            var actor = Sys.ActorOf(Props.Create(() => new Collector(received, stopAfter)));
            var letters = Sys.ActorOf(Props.Create(() => new DeadLetterCollector(dead)));
            Sys.EventStream.Subscribe(letters, typeof(DeadLetter));
            SendAll(actor, counts);
            Assert.True(actor.GracefulStop(Guard).Wait(Guard));
            AwaitCondition(() => dead.Count(item => item.To == actor) + received.Count >= counts.Sum());
            Sys.Stop(letters);
            var all = received.Concat(dead.Where(item => item.To == actor)).ToList();
            Assert.Equal(counts.Sum(), all.Count);
            Assert.Equal(counts.Sum(), all.Distinct().Count());
            AssertOrder(received, counts);
        }).QuickCheckThrowOnFailure();

    private static int FailuresIn(int count, int failEvery) => Enumerable.Range(0, count).Count(n => n % failEvery == 0);

    private static void SendAll(IActorRef actor, int[] counts, Func<Item, bool>? fails = null)
    {
        using var start = new Barrier(counts.Length + 1);
        var senders = counts.Select((count, sender) => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(Guard);
                for (var n = 0; n < count; n++)
                {
                    var item = new Item(actor, sender, n);
                    actor.Tell(fails?.Invoke(item) == true ? new Poison(item) : item, ActorRefs.NoSender);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        start.SignalAndWait(Guard);
        Assert.True(Task.WaitAll(senders, Guard));
    }

    private static void AssertOrder(List<Item> received, int[] counts)
    {
        var last = new int[counts.Length];
        Array.Fill(last, -1);
        foreach (var item in received)
        {
            Assert.True(last[item.Sender] < item.Number, $"{item} came after number {last[item.Sender]}");
            last[item.Sender] = item.Number;
        }
    }

    private sealed record Item(IActorRef To, int Sender, int Number);

    private sealed record Poison(Item Item);

    private sealed class Collector : UntypedActor
    {
        private readonly List<Item> _received;
        private readonly int _stopAfter;

        public Collector(List<Item> received, int stopAfter)
        {
            _received = received;
            _stopAfter = stopAfter;
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Item item:
                    _received.Add(item);
                    if (_received.Count == _stopAfter) Context.Stop(Self);
                    break;
                case Poison poison:
                    throw new InvalidOperationException($"{poison.Item}");
            }
        }
    }

    private sealed class DeadLetterCollector : UntypedActor
    {
        private readonly ConcurrentBag<Item> _dead;

        public DeadLetterCollector(ConcurrentBag<Item> dead)
        {
            _dead = dead;
        }

        protected override void OnReceive(object message)
        {
            if (message is DeadLetter { Message: Item item }) _dead.Add(item);
        }
    }
}
