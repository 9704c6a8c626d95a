using System.Net.Sockets;

namespace Bus.Transport.Endpoints;

/// <summary>Accepts on a listening socket, for listeners of every kind.</summary>
internal static class Accepting
{
    public static async ValueTask<Socket> NextAsync(Socket listening, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await listening.AcceptAsync(cancellationToken);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                // This peer left before it was accepted: that says nothing of the next one.
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.OperationAborted)
            {
                throw new ObjectDisposedException("The listener was closed.", e);
            }
        }
    }
}
