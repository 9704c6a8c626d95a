using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Bus.Benchmarks.Compare.Loads;

namespace Bus.Benchmarks.Compare.Servers;

/// <summary>Dials a server that has just been started, again and again, until it answers a PING: the same way for every server.</summary>
internal static class ReadyProbe
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public static async Task WaitAsync(EndPoint endpoint, Process process, CancellationToken cancellationToken)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bound.CancelAfter(Limit);
        try
        {
            while (!await AnswersAsync(endpoint, bound.Token))
            {
                if (process.HasExited) throw new LoadFailedException($"{process.StartInfo.FileName} ended with exit code {process.ExitCode} instead of listening on {endpoint}; start it by hand to see why: {process.StartInfo.FileName} {string.Join(' ', process.StartInfo.ArgumentList)}");
                await Task.Delay(Pause, TimeProvider.System, bound.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LoadFailedException($"{process.StartInfo.FileName} did not answer on {endpoint} within {Limit.TotalSeconds:N0} s.");
        }
    }

    private static async Task<bool> AnswersAsync(EndPoint endpoint, CancellationToken cancellationToken)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            await socket.SendAsync("CONNECT {\"verbose\":false}\r\nPING\r\n"u8.ToArray(), cancellationToken);
            var answer = new byte[4096];
            for (var length = 0; length < answer.Length;)
            {
                var received = await socket.ReceiveAsync(answer.AsMemory(length), cancellationToken);
                if (received == 0) return false;
                length += received;
                if (answer.AsSpan(0, length).IndexOf("PONG\r\n"u8) >= 0) return true;
            }

            return false;
        }
        catch (SocketException)
        {
            // Nobody listens yet.
            return false;
        }
    }
}
