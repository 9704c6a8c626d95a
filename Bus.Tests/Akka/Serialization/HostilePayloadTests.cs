using Bus.Akka.Serialization;

namespace Bus.Tests.Akka.Serialization;

/// <summary>Whatever bytes come, reading ends with a value or with one of two errors; never with another one, a dead process or a wrong value from half a payload.</summary>
public sealed class HostilePayloadTests
{
    private static readonly byte[] ListOfObjects = Wire.Begin(Wire.NameOf(typeof(List<object>)));

    [Fact]
    public void Every_part_of_a_payload_is_recognised_as_damaged()
    {
        var whole = Wire.Write(new Pair(new List<Shape> { new Circle("c", 1.5), new Group("g", [new Circle("d", 2)]) }, new Holder<byte>(7)));
        for (var length = 0; length < whole.Length; length++) Assert.False(Reads(whole.AsMemory(0, length)), $"{length} of {whole.Length} bytes were taken for a message.");
        Assert.False(Reads((byte[])[.. whole, 0]));
        Assert.True(Reads(whole));
    }

    [Fact]
    public void Changed_bytes_give_another_message_or_an_error()
    {
        var random = new Random(20260203);
        var whole = Wire.Write(new Pair(new List<Shape> { new Circle("c", 1.5), new Group("g", [new Circle("d", 2)]) }, new Dictionary<string, object> { ["a"] = 1, ["b"] = "x" }));
        for (var round = 0; round < 4_000; round++)
        {
            var changed = (byte[])whole.Clone();
            for (var changes = random.Next(1, 4); changes > 0; changes--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
            if (!AnnouncesMuch(whole, changed)) Reads(changed);
        }
    }

    [Fact]
    public void Random_bytes_are_no_message()
    {
        var random = new Random(20260204);
        for (var round = 0; round < 1_000; round++)
        {
            var bytes = new byte[random.Next(1, 40)];
            random.NextBytes(bytes);
            // Lengths of up to 64 KiB: see the test of huge ones.
            for (var i = 3; i < bytes.Length; i++) bytes[i] = random.Next(3) == 0 ? bytes[i] : (byte)0;
            Reads(bytes);
        }
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void A_length_that_cannot_be_is_an_error(int length)
    {
        var announced = BitConverter.GetBytes(length);
        Assert.False(Reads((byte[])[9, .. announced]));
        Assert.False(Reads((byte[])[7, 255, .. announced]));
        Assert.False(Reads((byte[])[255, .. announced]));
        Assert.False(Reads((byte[])[252, 8, .. announced]));
        Assert.False(Reads((byte[])[.. Wire.Begin(Wire.NameOf(typeof(string[]))), .. announced]));
        if (length > 0) Assert.False(Reads((byte[])[.. ListOfObjects, .. announced]));
    }

    [Fact]
    public void A_chain_that_is_too_long_is_refused_by_the_writer()
    {
        var first = new Node("first");
        var last = first;
        for (var i = 0; i < 200_000; i++) last = last.Next = new Node("n");
        var error = Assert.Throws<InvalidDataException>(() => Wire.Write(first));
        Assert.Contains("nested too deeply", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_of_fifty_is_not_too_long()
    {
        var first = new Node("0");
        var last = first;
        for (var i = 1; i < 50; i++) last = last.Next = new Node($"{i}");
        last = Wire.RoundTrip(first);
        while (last.Next is not null) last = last.Next;
        Assert.Equal("49", last.Name);
    }

    [Fact]
    public void Objects_nested_without_end_do_not_end_the_process()
    {
        // A list of one list of one list ...
        byte[] again = [254, 0, 0, 1, 0, 0, 0];
        byte[] bomb = [.. ListOfObjects, 1, 0, 0, 0, .. Enumerable.Repeat(again, 300_000).SelectMany(bytes => bytes)];
        var error = Assert.Throws<InvalidDataException>(() => Wire.Strict.Deserialize<object>(bomb));
        Assert.Contains("nested too deeply", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_of_endless_parts_is_refused()
    {
        var name = string.Concat(Enumerable.Repeat("System.Collections.Generic.List`1[[", 10_000)) + "System.Object, System.Private.CoreLib";
        Assert.Throws<TypeNotAllowedException>(() => Wire.Strict.Deserialize<object>(Wire.Begin(name)));
    }

    [Fact]
    public void Another_message_than_expected_is_named()
    {
        var error = Assert.Throws<InvalidDataException>(() => Wire.Strict.Deserialize<Circle>(Wire.Write(new Pair(1, 2))));
        Assert.Contains(nameof(Pair), error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Circle), error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Wire.Strict.Deserialize<int>(Wire.Write<Pair?>(null)));
    }

    private static bool Reads(ReadOnlyMemory<byte> payload)
    {
        try
        {
            Wire.Strict.Deserialize<object>(payload);
            return true;
        }
        catch (Exception error) when (error is InvalidDataException or TypeNotAllowedException)
        {
            return false;
        }
    }

    /// <summary>A length may have become huge, which only costs memory: the upper bytes of the small numbers in the original are zeros.</summary>
    private static bool AnnouncesMuch(byte[] whole, byte[] changed)
    {
        for (var i = 0; i < whole.Length; i++)
        {
            if (whole[i] == 0 && changed[i] != 0) return true;
        }

        return false;
    }
}
