using System.Buffers;
using System.Runtime.CompilerServices;
using Bus.Core.Client;
using Hyperion;
using Hyperion.Internal;
using HyperionOptions = Hyperion.SerializerOptions;

namespace Bus.Akka.Serialization;

/// <summary>
/// Writes object graphs as they are: records without a default constructor, fields of a base type, references to shared objects, cycles. Only for
/// processes that trust each other, and only for the types that its options allow. Thread-safe.
/// </summary>
/// <remarks>
/// A payload names the types it is made of, and a field can hold any allowed one; constructors and their checks do not run. A type that is not
/// allowed is refused before it is loaded. What is left to whoever can send: memory, because a payload of a few bytes can announce an array of 2 GiB. Take the
/// default JSON serializer for anyone else.
/// </remarks>
public sealed class HyperionBusSerializer : IBusSerializer
{
    private const byte Null = 0;

    private readonly AllowedTypes _allowed;
    private readonly Serializer _serializer;

    /// <summary>Prepares to write and read the allowed types.</summary>
    /// <param name="options">Which types are allowed; the same in all processes.</param>
    /// <exception cref="ArgumentException">Nothing is allowed, or something that must not be.</exception>
    public HyperionBusSerializer(HyperionSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _allowed = new AllowedTypes(options);
        _serializer = new Serializer(new HyperionOptions(
            versionTolerance: false,
            preserveObjectReferences: true,
            surrogates: null,
            serializerFactories: [new RefusingFactory(_allowed)],
            knownTypes: null,
            ignoreISerializable: true,
            packageNameOverrides: null,
            disallowUnsafeTypes: true,
            typeFilter: _allowed));
    }

    /// <inheritdoc />
    public string ContentType => "application/x-hyperion";

    /// <inheritdoc />
    /// <exception cref="TypeNotAllowedException">The value is, or holds, an object of a type that is not allowed.</exception>
    /// <exception cref="InvalidDataException">Its objects are nested too deeply.</exception>
    public void Serialize<T>(T value, IBufferWriter<byte> target)
    {
        if (value is null)
        {
            target.Write([Null]);
            return;
        }

        var session = _serializer.GetSerializerSession();
        // By identity: Hyperion compares by Equals, which makes one object of two equal records and never ends in a cycle of them.
        Objects(session) = new Dictionary<object, int>(ReferenceEqualityComparer.Instance);
        try
        {
            using var stream = new PayloadWriter(target);
            _serializer.Serialize(value, stream, session);
        }
        catch (Exception error)
        {
            if (_allowed.Refusal(value.GetType()) is { } reason) throw new TypeNotAllowedException(value.GetType().ToString(), reason, error);
            throw Understood(error) ?? new InvalidDataException($"A {value.GetType()} can't be written: {error.Message}", error);
        }
    }

    /// <inheritdoc />
    /// <exception cref="TypeNotAllowedException">The payload names a type that is not allowed.</exception>
    /// <exception cref="InvalidDataException">The payload is damaged, or something else than a <typeparamref name="T"/>.</exception>
    public T Deserialize<T>(ReadOnlyMemory<byte> payload)
    {
        object? value;
        try
        {
            using var stream = new PayloadReader(payload);
            value = _serializer.Deserialize(stream);
            if (stream.Position != stream.Length) throw new InvalidDataException($"{stream.Length - stream.Position} bytes are left over behind the value.");
        }
        catch (Exception error)
        {
            throw Understood(error) ?? new InvalidDataException($"The payload of {payload.Length} bytes is not what this serializer writes, or it is damaged: {Innermost(error).Message}", error);
        }

        return value switch
        {
            T typed => typed,
            null when default(T) is null => default!,
            _ => throw new InvalidDataException($"The payload holds {(value is null ? "null" : $"a {value.GetType()}")}, but a {typeof(T)} is expected."),
        };
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_objects")]
    private static extern ref Dictionary<object, int> Objects(SerializerSession session);

    /// <summary>Hyperion wraps what goes wrong once a level; what we threw ourselves says best what it was.</summary>
    private static Exception? Understood(Exception error)
    {
        for (var cause = error; cause is not null; cause = cause.InnerException)
        {
            if (cause is TypeNotAllowedException refused) return new TypeNotAllowedException(refused.TypeName, refused.Reason, error);
            if (cause is EvilDeserializationException) return new TypeNotAllowedException(TypeIn(cause), "it is known to be misused in attacks.", error);
            if (cause is InvalidDataException { InnerException: null } invalid) return new InvalidDataException(invalid.Message, error);
        }

        return null;
    }

    private static string TypeIn(Exception cause) => (cause as EvilDeserializationException)?.BadTypeString ?? "in the payload";

    private static Exception Innermost(Exception error) => error.GetBaseException();
}
