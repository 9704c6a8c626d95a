using System.Net.Sockets;
using Bus.Transport.Channels;

namespace Bus.Transport.Endpoints;

/// <summary>Connects to named pipes.</summary>
internal static class PipeDialer
{
    // On Windows a pipe whose waiting instances are all taken at the moment is waited for; .NET makes no difference between that and no pipe at all.
    private static readonly TimeSpan Patience = OperatingSystem.IsWindows() ? TimeSpan.FromMilliseconds(250) : TimeSpan.Zero;

    public static async ValueTask<BusChannel> ConnectAsync(BusEndpoint endpoint, CancellationToken cancellationToken)
    {
        var stream = PipeInstance.ToDial(endpoint);
        try
        {
            await stream.ConnectAsync(Patience, cancellationToken);
            return new PipeChannel(stream, hold: null);
        }
        catch (Exception e)
        {
            await stream.DisposeAsync();
            throw e switch
            {
                TimeoutException => new BusEndpointException(endpoint, DialErrors.NobodyListens(endpoint), e),
                SocketException failed => new BusEndpointException(endpoint, DialErrors.Explain(endpoint, failed), e),
                UnauthorizedAccessException => new BusEndpointException(endpoint, $"Cannot connect to {endpoint}: the pipe is another user's. A bus is open to its owner only; connect as that user.", e),
                IOException => new BusEndpointException(endpoint, $"Cannot connect to {endpoint}: {e.Message}", e),
                _ => e,
            };
        }
    }
}
