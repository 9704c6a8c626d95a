using System.Buffers;

namespace Bus.Core.Client;

/// <summary>
/// Turns values into payloads and back. Has to be thread-safe. Bytes and strings never come here: they are sent as they are.
/// </summary>
public interface IBusSerializer
{
    /// <summary>Writes a value.</summary>
    /// <param name="value">What was published.</param>
    /// <param name="target">Takes the bytes.</param>
    void Serialize<T>(T value, IBufferWriter<byte> target);

    /// <summary>Reads a value. Whatever it throws reaches the user inside a <see cref="PayloadFormatException"/>.</summary>
    /// <param name="payload">The whole payload; may be empty.</param>
    T Deserialize<T>(ReadOnlyMemory<byte> payload);
}
