using System.Net.Sockets;
using System.Text;
using Bus.Benchmarks.Client;
using Bus.Benchmarks.Compare.Scenarios;
using Bus.Benchmarks.Compare.Servers;

namespace Bus.Benchmarks.Compare.Loads;

/// <summary>A publisher and its subscriber alone, then the same beside a client that reads nothing of what is sent to it.</summary>
/// <param name="Pair">The publisher and its subscriber.</param>
internal sealed record SlowPeerLoad(NatsLoad Pair) : Load
{
    // More than a server keeps for one client, so that it is held back, or gives the client up, while the pair is measured. And little beside what the pair
    // publishes: the flood takes processor time as any publisher does, which is not what this is about.
    private const long FloodBytes = 32L * 1024 * 1024;
    private const int WriteBytes = 32 * 1024;
    private const string Topic = "slow.peer";

    public override async Task<IReadOnlyDictionary<string, double>> RunAsync(ServerProcess server, Over over, Tools tools, CancellationToken cancellationToken)
    {
        var alone = await Pair.RunAsync(server, over, tools, cancellationToken);
        var endpoint = RawClient.Endpoint(server.Address(over));
        using var deaf = new RawClient(endpoint, $"SUB {Topic} 1\r\n");
        using var flooder = new RawClient(endpoint);
        var flood = Task.Run(() => Flood(flooder), cancellationToken);
        var beside = await Pair.RunAsync(server, over, tools, cancellationToken);
        flooder.Shutdown();
        await flood;
        return new Dictionary<string, double>(beside, StringComparer.Ordinal) { ["rate_kept"] = beside["msgs_per_s"] / alone["msgs_per_s"] };
    }

    public override Load Divided(int by) => this with { Pair = (NatsLoad)Pair.Divided(by) };

    private static void Flood(RawClient flooder)
    {
        var frame = $"PUB {Topic} 128\r\n{new string('x', 128)}\r\n";
        var frames = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(frame, WriteBytes / frame.Length)));
        try
        {
            for (var sent = 0L; sent < FloodBytes; sent += frames.Length) flooder.Send(frames);
        }
        catch (SocketException)
        {
            // Shut down while it was held back: the pair is done.
        }
    }
}
