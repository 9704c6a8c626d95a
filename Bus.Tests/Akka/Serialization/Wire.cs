using System.Buffers;
using System.Text;
using Bus.Akka.Serialization;
using Hyperion;

namespace Bus.Tests.Akka.Serialization;

/// <summary>Payloads, honest and forged.</summary>
internal static class Wire
{
    private const byte FullManifest = 255;

    public static HyperionBusSerializer Strict { get; } = new(new HyperionSerializerOptions
    {
        Types = [typeof(Shape), typeof(Circle), typeof(Group), typeof(Money), typeof(Currency), typeof(Order), typeof(Pair), typeof(Holder<>), typeof(Node)],
    });

    public static byte[] Write<T>(T value)
    {
        var target = new ArrayBufferWriter<byte>();
        Strict.Serialize(value, target);
        return target.WrittenSpan.ToArray();
    }

    public static T RoundTrip<T>(T value) => Strict.Deserialize<T>(Write(value));

    /// <summary>What a sender without an allow-list writes.</summary>
    public static byte[] WriteUnchecked(object value)
    {
        using var stream = new MemoryStream();
        new Serializer(new SerializerOptions(false, true, null, null, null, true, null, false, null)).Serialize(value, stream);
        return stream.ToArray();
    }

    /// <summary>A payload that begins an object of a named type.</summary>
    public static byte[] Begin(string typeName, params byte[] rest)
    {
        var name = Encoding.UTF8.GetBytes(typeName);
        return [FullManifest, .. BitConverter.GetBytes(name.Length), .. name, .. rest];
    }

    public static string NameOf(Type type) => type.AssemblyQualifiedName!;
}
