using System.Collections.Concurrent;
using Hyperion;
using Hyperion.SerializerFactories;
using Hyperion.ValueSerializers;

namespace Bus.Akka.Serialization;

/// <summary>
/// Asked first for every type that Hyperion has not met yet: takes those that are refused, so that whatever reaches Hyperion itself is allowed.
/// </summary>
/// <remarks>
/// It does not throw. If a factory throws while Hyperion builds the serializer of the type around it, Hyperion keeps that one half built, and
/// whoever uses it next spins for ever. A serializer that refuses only when it is used has no such trap.
/// </remarks>
internal sealed class RefusingFactory(AllowedTypes allowed) : ValueSerializerFactory
{
    public override bool CanSerialize(Serializer serializer, Type type) => !IsOnlyDeclared(type) && allowed.Refusal(type) is not null;

    public override bool CanDeserialize(Serializer serializer, Type type) => allowed.Refusal(type) is not null || !IsSupported(serializer, type);

    public override ValueSerializer BuildSerializer(Serializer serializer, Type type, ConcurrentDictionary<Type, ValueSerializer> typeMapping) =>
        typeMapping.GetOrAdd(type, new Refusing(type, allowed.Refusal(type) ?? "Hyperion can't write or read it. Use a record of simple fields."));

    /// <summary>The type of a field that holds values of other types, each of which is checked itself.</summary>
    private static bool IsOnlyDeclared(Type type) => type.IsInterface || type.IsAbstract;

    /// <summary>Hyperion notices what it can't handle when it writes, but not when it reads.</summary>
    private static bool IsSupported(Serializer serializer, Type type) => serializer.GetSerializerByType(type).GetType().Name != "UnsupportedTypeSerializer";

    private sealed class Refusing(Type type, string reason) : ValueSerializer
    {
        public override void WriteManifest(Stream stream, SerializerSession session) => throw Refused();

        public override void WriteValue(Stream stream, object value, SerializerSession session) => throw Refused();

        public override object ReadValue(Stream stream, DeserializerSession session) => throw Refused();

        public override Type GetElementType() => throw Refused();

        private TypeNotAllowedException Refused() => new(type.ToString(), reason);
    }
}
