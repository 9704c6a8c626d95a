using Bus.Core.Streams;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Streams;

/// <summary>The two halves of the credit, without a bus: any interleaving of sending, carrying, taking, losing and repeating credit.</summary>
public sealed class CreditTests
{
    private enum Step
    {
        Send,
        CarryItem,
        CarryCredit,
        Take,
        LoseCredit,
        RepeatCredit,
        SwapCredits,
    }

    private static Gen<StreamWindow> Windows =>
        from items in Gen.Choose(1, 8)
        from bytes in Gen.Choose(1, 40)
        select new StreamWindow { Items = items, Bytes = bytes };

    private static Gen<Step> Steps => Gen.Elements(Enum.GetValues<Step>());

    private static Gen<(Step Step, int Size)[]> Scripts => Steps.SelectMany(step => Gen.Choose(0, 30).Select(size => (step, size))).ArrayOf();

    [Fact]
    public void The_window_is_never_exceeded_and_nothing_stays_stuck() =>
        Prop.ForAll(Windows.ToArbitrary(), Scripts.ToArbitrary(), (window, script) =>
        {
            var stream = new Model(window);
            foreach (var (step, size) in script) stream.Do(step, size);
            // However it went, all goes on once everything has come and was taken, and the reader has given its credit again.
            stream.Settle();
            return stream.CanSend;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithEndSize(300));

    [Fact]
    public void Without_loss_nothing_has_to_be_given_again() =>
        Prop.ForAll(Windows.ToArbitrary(), Gen.Choose(0, 30).ArrayOf().ToArbitrary(), (window, sizes) =>
        {
            var stream = new Model(window);
            foreach (var size in sizes)
            {
                if (!stream.CanSend) return false;
                stream.Do(Step.Send, size);
                stream.DrainWithoutReminder();
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Credit_is_given_in_halves_of_the_window_and_not_for_each_item()
    {
        var window = new ReadWindow(new StreamWindow { Items = 10, Bytes = 1_000_000 });
        window.Grant();
        var told = 0;
        for (var n = 1; n <= 100; n++)
        {
            Assert.Null(window.Receive(n, 1));
            window.Take(1);
            if (!window.IsDue) continue;
            window.Grant();
            told++;
        }

        Assert.Equal(20, told);
    }

    [Theory]
    [InlineData(1, "item 2 was next, and 1 came: it came twice")]
    [InlineData(3, "item 2 was next, and 3 came: something was lost")]
    [InlineData(0, "item 2 was next, and 0 came: it came twice")]
    public void What_is_lost_or_comes_twice_is_seen(long number, string wrong)
    {
        var window = new ReadWindow(StreamWindow.Default);
        window.Grant();
        Assert.Null(window.Receive(1, 10));

        Assert.Equal(wrong, window.Receive(number, 10));
        Assert.Equal(wrong, window.End(number));
        Assert.Null(window.End(2));
    }

    [Fact]
    public void What_comes_without_credit_is_seen()
    {
        var window = new ReadWindow(new StreamWindow { Items = 1, Bytes = 10 });
        Assert.StartsWith("item 1 came without credit", window.Receive(1, 1), StringComparison.Ordinal);
        window.Grant();
        Assert.Null(window.Receive(1, 100));
        Assert.Equal("item 2 came without credit: 1 items and 10 bytes were allowed, and 1 items and 100 bytes had come", window.Receive(2, 1));
    }

    [Fact]
    public void Sending_without_credit_is_a_fault_of_the_sender() => Assert.Throws<InvalidOperationException>(() => new SendCredit().Take(1));

    /// <summary>A sender and a reader with two lines between them: items come in order, credit may be lost, late or twice.</summary>
    private sealed class Model
    {
        private readonly StreamWindow _window;
        private readonly SendCredit _credit = new();
        private readonly ReadWindow _reader;
        private readonly Queue<(long Number, int Size)> _items = new();
        private readonly List<(long Items, long Bytes)> _credits = [];
        private readonly Queue<int> _waiting = new();
        private long _waitingBytes;
        private int _largest;

        public Model(StreamWindow window)
        {
            (_window, _reader) = (window, new ReadWindow(window));
            var (items, bytes) = _reader.Grant();
            _credit.Grant(items, bytes);
        }

        public bool CanSend => _credit.IsGranted;

        public void Do(Step step, int size)
        {
            switch (step)
            {
                case Step.Send when _credit.IsGranted:
                    _items.Enqueue((_credit.Take(size), size));
                    _largest = Math.Max(_largest, size);
                    break;
                case Step.CarryItem when _items.TryDequeue(out var item):
                    Assert.Null(_reader.Receive(item.Number, item.Size));
                    _waiting.Enqueue(item.Size);
                    _waitingBytes += item.Size;
                    // What was promised: never more items than the window has, and less bytes than it has and one item more.
                    Assert.True(_waiting.Count + _items.Count <= _window.Items);
                    Assert.True(_waitingBytes + _items.Sum(other => other.Size) < _window.Bytes + Math.Max(1, _largest));
                    break;
                case Step.Take when _waiting.TryDequeue(out var taken):
                    _waitingBytes -= taken;
                    _reader.Take(taken);
                    if (_reader.IsDue) _credits.Add(_reader.Grant());
                    break;
                case Step.CarryCredit when _credits.Count > 0:
                    _credit.Grant(_credits[0].Items, _credits[0].Bytes);
                    _credits.RemoveAt(0);
                    break;
                case Step.LoseCredit when _credits.Count > 0:
                    _credits.RemoveAt(size % _credits.Count);
                    break;
                case Step.RepeatCredit when _credits.Count > 0:
                    _credits.Add(_credits[size % _credits.Count]);
                    break;
                case Step.SwapCredits:
                    _credits.Reverse();
                    break;
            }
        }

        public void DrainWithoutReminder()
        {
            while (_items.Count > 0) Do(Step.CarryItem, 0);
            while (_waiting.Count > 0) Do(Step.Take, 0);
            while (_credits.Count > 0) Do(Step.CarryCredit, 0);
        }

        public void Settle()
        {
            DrainWithoutReminder();
            _credits.Add(_reader.Grant());
            DrainWithoutReminder();
        }
    }
}
