using System.Net.Sockets;

namespace Bus.Transport.Channels;

/// <summary>Sends pieces, one send at a time.</summary>
internal interface IChannelSender : IDisposable
{
    /// <summary>Starts to send all of the pieces, which must stay as they are until it is done.</summary>
    /// <returns>The outcome when it completed at once, or null: then the callback is called later, exactly once.</returns>
    SocketError? Send(List<ArraySegment<byte>> pieces);
}
