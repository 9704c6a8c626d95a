using System.IO.Pipes;
using System.Net.Sockets;
using Bus.Transport.Channels;

namespace Bus.Transport.Endpoints;

/// <summary>
/// Listens on a named pipe that only its user can open. Several instances wait for clients at any time, so that a burst of them finds none busy. On Windows the
/// first-instance flag keeps a second server away; elsewhere .NET would take the name from a live server, and the lock and the probe of Unix sockets keep it safe.
/// </summary>
internal sealed class PipeListener : IBusListener
{
    private const int Waiting = 8;

    // The client came and went before its instance was looked at: ERROR_NO_DATA.
    private const int ClientLeft = unchecked((int)0x800700E8);

    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private readonly Task<NamedPipeServerStream>[] _waiting;
    private readonly PipeHold _hold;
    private readonly IDisposable _share;
    private readonly UnixFileIdentity? _identity;
    private bool _isDisposed;

    private PipeListener(BusEndpoint endpoint, NamedPipeServerStream first, PipeHold hold)
    {
        Endpoint = endpoint;
        _hold = hold;
        _share = hold.Take();
        if (!OperatingSystem.IsWindows()) _identity = UnixFiles.Identify(endpoint.Path!);
        _waiting = [WaitAsync(first), .. Enumerable.Range(1, Waiting - 1).Select(_ => WaitAsync())];
    }

    public BusEndpoint Endpoint { get; }

    public static PipeListener Bind(BusEndpoint endpoint)
    {
        var fileLock = OperatingSystem.IsWindows() ? null : UnixSocketPlace.Take(endpoint, DefaultEndpoint.IsDefaultDirectory(Path.GetDirectoryName(endpoint.Path!)!));
        NamedPipeServerStream? first = null;
        try
        {
            // Stale, or the place would not be ours: the first-instance flag would refuse it all the same.
            if (fileLock is not null) File.Delete(endpoint.Path!);
            first = PipeInstance.ToServe(endpoint, isFirst: true);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(endpoint.Path!, UnixSocketPlace.OwnerOnly);
            return new PipeListener(endpoint, first, new PipeHold(fileLock));
        }
        catch (Exception e)
        {
            first?.Dispose();
            fileLock?.Dispose();
            throw e switch
            {
                UnauthorizedAccessException when OperatingSystem.IsWindows() => Cannot(endpoint, "the address is in use, another server or another user has the pipe. Stop it, or choose another name.", e),
                UnauthorizedAccessException or IOException or SocketException => Cannot(endpoint, e.Message, e),
                _ => e,
            };
        }
    }

    public async ValueTask<BusChannel> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.WhenAny(_waiting).WaitAsync(cancellationToken);
            var (taken, hold) = Take();
            try
            {
                return new PipeChannel(await taken, hold);
            }
            catch (Exception e)
            {
                hold.Dispose();
                if (!SaysNothingOfTheNext(e)) throw;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
        }

        // First, so that nobody connects who would not be accepted.
        if (!OperatingSystem.IsWindows()) UnixSocketPlace.Leave(Endpoint, _identity);
        await _closing.CancelAsync();
        foreach (var waiting in _waiting)
        {
            try
            {
                await (await waiting).DisposeAsync();
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or UnauthorizedAccessException)
            {
                // It gave its instance back itself.
            }
        }

        _closing.Dispose();
        _share.Dispose();
    }

    /// <summary>The first instance that has a client, or has failed; another takes its place before anything else.</summary>
    private (Task<NamedPipeServerStream> Taken, IDisposable Hold) Take()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var at = Array.FindIndex(_waiting, waiting => waiting.IsCompleted);
            var taken = _waiting[at];
            _waiting[at] = WaitAsync();
            return (taken, _hold.Take());
        }
    }

    private Task<NamedPipeServerStream> WaitAsync()
    {
        try
        {
            return WaitAsync(PipeInstance.ToServe(Endpoint, isFirst: false));
        }
        catch (Exception e) when (e is IOException or SocketException or UnauthorizedAccessException)
        {
            return Task.FromException<NamedPipeServerStream>(e is UnauthorizedAccessException ? new IOException(e.Message, e) : e);
        }
    }

    private async Task<NamedPipeServerStream> WaitAsync(NamedPipeServerStream instance)
    {
        try
        {
            await instance.WaitForConnectionAsync(_closing.Token);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }

    private static bool SaysNothingOfTheNext(Exception e) => e switch
    {
        UnauthorizedAccessException => true, // another user, whom the system let through to here: root, say
        IOException { HResult: ClientLeft } => true,
        SocketException failed => failed.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset,
        _ => false,
    };

    private static BusEndpointException Cannot(BusEndpoint endpoint, string why, Exception inner) => new(endpoint, $"Cannot listen on {endpoint}: {why}", inner);
}
