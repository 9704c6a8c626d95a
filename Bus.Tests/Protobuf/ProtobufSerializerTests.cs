using System.Buffers;
using Bus.Core.Client;
using Bus.Protobuf;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Bus.Tests.Protobuf;

public sealed class ProtobufSerializerTests
{
    private const int Depth = 4;

    private static readonly ProtobufBusSerializer Serializer = ProtobufBusSerializer.Default;

    private static readonly Gen<string> Texts = Gen.ArrayOf(Gen.Elements("a", "ü", "€", "😀", "\0", "\"")).Select(string.Concat);

    [Fact]
    public void Any_value_is_read_as_it_was_written()
    {
        Prop.ForAll(Values(Depth).ToArbitrary(), value =>
        {
            var buffer = new ArrayBufferWriter<byte>();
            Serializer.Serialize(value, buffer);
            return Serializer.Deserialize<Value>(buffer.WrittenMemory).Equals(value) && buffer.WrittenSpan.SequenceEqual(value.ToByteArray());
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Whatever_a_peer_sends_is_read_or_refused()
    {
        var damaged = Gen.Zip(Values(Depth), Gen.Zip(Gen.Choose(0, 200), Gen.ArrayOf(Gen.Choose(0, 255)))).Select(given =>
        {
            var (value, (cut, changes)) = given;
            var bytes = value.ToByteArray();
            for (var i = 0; i < changes.Length && bytes.Length > 0; i++) bytes[changes[i] * (i + 1) % bytes.Length] = (byte)changes[i];
            return bytes[..Math.Max(0, bytes.Length - (cut % 10))];
        });
        Prop.ForAll(damaged.ToArbitrary(), bytes =>
        {
            try
            {
                Assert.NotNull(Serializer.Deserialize<Value>(bytes));
            }
            catch (InvalidProtocolBufferException)
            {
                // Said to be damaged, as it is.
            }
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Messages_within_messages_end_somewhere()
    {
        // A list of one value, which is a list of one value, and so on.
        var bytes = Array.Empty<byte>();
        for (var i = 0; i < 2000; i++) bytes = Field(Value.ListValueFieldNumber, Field(ListValue.ValuesFieldNumber, bytes));

        Assert.Throws<InvalidProtocolBufferException>(() => Serializer.Deserialize<Value>(bytes));
    }

    [Fact]
    public void It_supports_messages_and_nothing_else()
    {
        Assert.True(Serializer.Supports(typeof(Timestamp)));
        Assert.False(Serializer.Supports(typeof(string)));
        Assert.False(Serializer.Supports(typeof(object)));
        Assert.Throws<NotSupportedException>(() => Serializer.Deserialize<IMessage>(ReadOnlyMemory<byte>.Empty));
        Assert.True(Serializer.Reads("application/vnd.google.protobuf"));
        Assert.False(Serializer.Reads("application/json"));
        Assert.True(((IBusSerializer)Serializer).SendsContentType);
    }

    private static Gen<Value> Values(int depth)
    {
        var plain = Gen.OneOf(
            Texts.Select(Value.ForString),
            Gen.Choose(int.MinValue, int.MaxValue).Select(n => Value.ForNumber(n / 3.0)),
            Gen.Elements(Value.ForBool(true), Value.ForNull(), new Value()).Select(v => v.Clone()));
        if (depth == 0) return plain;
        var lists = Gen.ArrayOf(Values(depth - 1)).Select(values => Value.ForList([.. values.Take(4)]));
        var structs = Gen.ArrayOf(Gen.Zip(Texts, Values(depth - 1))).Select(fields =>
        {
            var all = new Struct();
            foreach (var (name, value) in fields.Take(4)) all.Fields[name] = value;
            return Value.ForStruct(all);
        });
        return Gen.OneOf(plain, lists, structs);
    }

    private static byte[] Field(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return stream.ToArray();
    }
}
