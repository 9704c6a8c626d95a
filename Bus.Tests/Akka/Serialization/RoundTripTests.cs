using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Akka.Serialization;

/// <summary>What is written comes back: values, types, and which objects are the same.</summary>
public sealed class RoundTripTests
{
    private static Gen<string> Word => Gen.Elements("", "a", "grün", "line\r\nbreak", new string('x', 300), "\0", "日本");

    private static Gen<Shape> AnyShape(int depth) => Gen.OneOf(
        from name in Word from radius in Gen.Choose(-5, 5) select (Shape)new Circle(name, radius / 3.0),
        from name in Word from parts in depth == 0 ? Gen.Constant(Array.Empty<Shape>()) : AnyShape(depth - 1).ArrayOf().Resize(3) select (Shape)new Group(name, [.. parts]));

    private static Gen<object?> Anything => Gen.OneOf(
        Gen.Constant<object?>(null),
        Gen.Choose(int.MinValue, int.MaxValue).Select(n => (object?)n),
        Word.Select(w => (object?)w),
        AnyShape(1).Select(s => (object?)s),
        Gen.Choose(0, 9).ArrayOf().Select(a => (object?)a.Select(n => (long)n).ToArray()),
        AnyShape(0).ArrayOf().Select(a => (object?)a.ToList()));

    private static Arbitrary<Order> AnyOrder => (
        from customer in Gen.OneOf(Gen.Constant<string?>(null), Word.Select(w => (string?)w))
        from count in Gen.OneOf(Gen.Constant<int?>(null), Gen.Choose(-3, 3).Select(n => (int?)n))
        from amount in Gen.Choose(int.MinValue, int.MaxValue)
        from currency in Gen.Elements(Currency.Euro, Currency.Dollar)
        from ticks in Gen.Choose(0, int.MaxValue)
        from blob in Gen.Choose(0, 255).ArrayOf()
        from numbers in Gen.Choose(int.MinValue, int.MaxValue).ArrayOf()
        from shapes in AnyShape(2).ListOf()
        from words in Word.ArrayOf()
        from anything in Anything
        select new Order(
            customer,
            count,
            new Money(amount / 7m, currency),
            new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.FromHours(ticks % 12)).AddTicks(ticks),
            new Guid(ticks, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
            [.. blob.Select(b => (byte)b)],
            numbers,
            [.. shapes],
            words.Distinct().ToDictionary(w => w, w => (long)w.Length),
            [.. words],
            anything,
            (ticks % 2 == 0, TimeSpan.FromTicks(ticks)))).ToArbitrary();

    [Fact]
    public void A_message_comes_back_as_it_was() => Prop.ForAll(AnyOrder, order => Assert.Equal(Describe(order), Describe(Wire.RoundTrip(order)))).QuickCheckThrowOnFailure();

    [Fact]
    public void A_polymorphic_value_keeps_its_type() => Prop.ForAll(AnyShape(3).ToArbitrary(), shape => Assert.Equal(Describe(shape), Describe(Wire.RoundTrip(shape)))).QuickCheckThrowOnFailure();

    [Fact]
    public void Simple_values_and_null_are_messages_too()
    {
        Assert.Equal("text", Wire.RoundTrip("text"));
        Assert.Equal(42, Wire.RoundTrip(42));
        Assert.Equal(Currency.Dollar, Wire.RoundTrip(Currency.Dollar));
        Assert.Null(Wire.RoundTrip<Order?>(null));
        Assert.Equal([1, 2, 3], Wire.RoundTrip<int[]>([1, 2, 3]));
        Assert.Equal(new DateOnly(2026, 2, 3), Wire.RoundTrip(new Holder<DateOnly>(new(2026, 2, 3))).Value);
    }

    [Fact]
    public void What_was_one_object_is_one_object_and_what_was_two_is_two()
    {
        var circle = new Circle("c", 1);
        var shared = Wire.RoundTrip(new Pair(circle, circle));
        Assert.Same(shared.Left, shared.Right);
        var equal = Wire.RoundTrip(new Pair(circle, circle with { }));
        Assert.Equal(equal.Left, equal.Right);
        Assert.NotSame(equal.Left, equal.Right);
    }

    [Fact]
    public void References_stay_right_behind_every_kind_of_collection()
    {
        object[] collections =
        [
            new List<object> { 1 }, new HashSet<string> { "a" }, new Dictionary<string, int> { ["a"] = 1 }, new SortedSet<int> { 1 }, new SortedDictionary<int, string> { [1] = "a" },
            new[] { "a" }, new object[] { 1, "b" }, new byte[] { 1 }, ImmutableArray.Create("a"), ImmutableList.Create(1), ImmutableDictionary<string, int>.Empty.Add("a", 1), ImmutableHashSet.Create(1),
            ImmutableSortedDictionary<string, int>.Empty.Add("a", 1), ImmutableSortedSet.Create(1), new Money(1, Currency.Euro), Tuple.Create(1, "a"), (1, "a"),
        ];
        foreach (var collection in collections)
        {
            var circle = new Circle("c", 1);
            var back = Wire.RoundTrip(new Pair(new Pair(collection, circle), new Pair(collection, circle)));
            var (left, right) = ((Pair)back.Left!, (Pair)back.Right!);
            Assert.Same(left.Right, right.Right);
            Assert.IsType<Circle>(left.Right);
            Assert.Equal(collection, left.Left);
            Assert.Equal(collection.GetType(), left.Left!.GetType());
        }
    }

    [Fact]
    public void A_cycle_comes_back_as_a_cycle()
    {
        var (first, second) = (new Node("first"), new Node("second"));
        (first.Next, second.Next) = (second, first);
        var back = Wire.RoundTrip(first);
        Assert.Equal(("first", "second"), (back.Name, back.Next!.Name));
        Assert.Same(back, back.Next.Next);
    }

    [Fact]
    public void Several_threads_write_and_read_types_that_are_new_to_the_serializer() => Parallel.For(0, 8, _ =>
    {
        for (var i = 0; i < 50; i++) Assert.Equal(i, ((Holder<int>)Wire.RoundTrip(new Pair(new Holder<int>(i), new Holder<string>("x"))).Left!).Value);
    });

    private static string Describe(object? value) => value switch
    {
        null => "null",
        Circle circle => $"circle {circle.Name} {circle.Radius.ToString("R", CultureInfo.InvariantCulture)}",
        Group group => $"group {group.Name} [{string.Join(", ", group.Parts.Select(Describe))}]",
        Order order => $"{JsonSerializer.Serialize(order with { Anything = null, Shapes = [] })} {order.Words.Length} {order.Pair} {Describe(order.Shapes)} {Describe(order.Anything)}",
        string text => $"'{text}'",
        System.Collections.IEnumerable items => $"{value.GetType()} [{string.Join(", ", items.Cast<object>().Select(Describe))}]",
        _ => $"{value.GetType()} {value}",
    };
}
