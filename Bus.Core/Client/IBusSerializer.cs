using System.Buffers;

namespace Bus.Core.Client;

/// <summary>
/// Turns values into payloads and back. Has to be thread-safe. Bytes and strings never come here: they are sent as they are. Two methods are enough; the
/// other members let several serializers work side by side, on one bus and between programs that use different ones.
/// </summary>
public interface IBusSerializer
{
    /// <summary>
    /// The media type of what it writes, such as <c>application/x-msgpack</c>: visible ASCII, without parameters. It is asked for once. Default: null, it has none; then it reads only
    /// messages that name no content type.
    /// </summary>
    string? ContentType => null;

    /// <summary>Whether <see cref="ContentType"/> is sent along with what it writes (header <c>Content-Type</c>), unless the message has such a header already. Default: yes, if there is one.</summary>
    bool SendsContentType => ContentType is not null;

    /// <summary>Whether it reads payloads of a content type. Default: of its own.</summary>
    /// <param name="contentType">A media type in lower case, without parameters.</param>
    bool Reads(string contentType) => string.Equals(contentType, ContentType, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it writes and reads values of a type: of several serializers the first that does takes what names no content type. Default: any.</summary>
    /// <param name="type">The type as it was published, or is to be read.</param>
    bool Supports(Type type) => true;

    /// <summary>Writes a value. Whatever it throws reaches the user inside a <see cref="PayloadFormatException"/>.</summary>
    /// <param name="value">What was published.</param>
    /// <param name="target">Takes the bytes.</param>
    void Serialize<T>(T value, IBufferWriter<byte> target);

    /// <summary>Reads a value. Whatever it throws reaches the user inside a <see cref="PayloadFormatException"/>.</summary>
    /// <param name="payload">The whole payload; may be empty.</param>
    T Deserialize<T>(ReadOnlyMemory<byte> payload);
}
