using Bus.Core.Buffers;

namespace Bus.Transport.Connections;

/// <summary>What a <see cref="SocketReader"/> feeds: the server's side of a client, or the client's side of a bus.</summary>
internal interface IReaderSession
{
    /// <summary>Bytes on their way; the reader waits here when they are too many.</summary>
    Gate Credit { get; }

    /// <summary>Where the reader waits after <see cref="SessionProgress.MustWait"/>.</summary>
    Gate Registrations { get; }

    /// <summary>Consumes every complete frame of the buffer.</summary>
    /// <param name="buffer">What was read.</param>
    /// <param name="needed">Bytes of the incomplete frame at the end, or 0 when not known.</param>
    SessionProgress Consume(ReadBuffer buffer, out int needed);

    /// <summary>The reader is done.</summary>
    void End();
}
