using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using Bus.Benchmarks.Client;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;
using static Bus.Benchmarks.Allocations.Flow;

namespace Bus.Benchmarks.Allocations;

/// <summary>
/// From publish to deliver: the whole data path through real sockets and real actors. The clients allocate nothing, so all that is counted is the bus's.
/// An operation is a message delivered, in <see cref="Requests"/> a request with its reply.
/// </summary>
public class DeliverBenchmarks
{
    private const int Chunks = 200;
    private const int LargeChunks = 2_000;
    private const int InChunk = 64;
    private const int Subscribers = 10;
    private const int Ahead = 8;
    private const int Size = 128;
    private const int LargeSize = 16_384;
    private const int OversizedSize = 100_000;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ipcbus-allocations-");
    private readonly List<RawClient> _clients = [];
    private BusListener _bus = null!;
    private Flow _one = null!;
    private Flow _ten = null!;
    private Flow _queue = null!;
    private Flow _topics = null!;
    private Flow _large = null!;
    private Flow _oversized = null!;
    private Flow _requests = null!;
    private Flow _replies = null!;

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _bus = await BusListener.StartAsync([BusEndpoint.Parse($"unix://{Path.Combine(_folder.FullName, "bus.sock")}")]);
        var publisher = Client();
        _one = new Flow(publisher, Frames(InChunk, _ => Pub("one", Size)), (Client("SUB one 1\r\n"), InChunk * MsgBytes("one", "1", Size)));
        _ten = new Flow(publisher, Frames(InChunk, _ => Pub("ten", Size)), [.. Enumerable.Range(0, Subscribers).Select(_ => (Client("SUB ten 1\r\n"), InChunk * MsgBytes("ten", "1", Size)))]);

        // The members share a connection: which of them gets how much is not known, only what all get.
        var members = Client(Frames(4, i => $"SUB queue workers {i}\r\n"));
        _queue = new Flow(publisher, Frames(InChunk, _ => Pub("queue", Size)), (members, InChunk * MsgBytes("queue", "1", Size)));
        _topics = new Flow(publisher, Frames(InChunk, i => Pub($"many.{i:00}.created", Size)), (Client("SUB many.*.created 1\r\n"), InChunk * MsgBytes("many.00.created", "1", Size)));
        _large = new Flow(publisher, Pub("large", LargeSize), (Client("SUB large 1\r\n"), MsgBytes("large", "1", LargeSize)));
        _oversized = new Flow(publisher, Pub("oversized", OversizedSize), (Client("SUB oversized 1\r\n"), MsgBytes("oversized", "1", OversizedSize)));

        var (requester, responder) = (Client("SUB _INBOX.a.* 1\r\n"), Client("SUB service workers 1\r\n"));
        _requests = new Flow(requester, Frames(InChunk, i => Pub($"service _INBOX.a.{i:00}", Size)), (responder, InChunk * MsgBytes("service", "1 _INBOX.a.00", Size)));
        _replies = new Flow(responder, Frames(InChunk, i => Pub($"_INBOX.a.{i:00}", Size)), (requester, InChunk * MsgBytes("_INBOX.a.00", "1", Size)));
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        foreach (var client in _clients) client.Dispose();
        await _bus.DisposeAsync();
        _folder.Delete(true);
    }

    [Benchmark(OperationsPerInvoke = Chunks * InChunk)]
    public void OneSubscriber() => _one.Run(Chunks);

    [Benchmark(OperationsPerInvoke = Chunks * InChunk)]
    public void Backlog() => _one.Run(Chunks, Ahead);

    [Benchmark(OperationsPerInvoke = Chunks * InChunk * Subscribers)]
    public void TenSubscribers() => _ten.Run(Chunks);

    [Benchmark(OperationsPerInvoke = Chunks * InChunk)]
    public void QueueGroup() => _queue.Run(Chunks);

    [Benchmark(OperationsPerInvoke = Chunks * InChunk)]
    public void ManyTopics() => _topics.Run(Chunks);

    [Benchmark(OperationsPerInvoke = LargeChunks)]
    public void LargePayload() => _large.Run(LargeChunks);

    /// <summary>What does not fit a slab of 64 KiB gets a block of its own, which is not kept: the one case that allocates.</summary>
    [Benchmark(OperationsPerInvoke = Chunks)]
    public void OversizedPayload() => _oversized.Run(Chunks);

    [Benchmark(OperationsPerInvoke = Chunks * InChunk)]
    public void Requests()
    {
        for (var i = 0; i < Chunks; i++)
        {
            _requests.Run(1);
            _replies.Run(1);
        }
    }

    private RawClient Client(string subscriptions = "")
    {
        var client = new RawClient(new UnixDomainSocketEndPoint(Path.Combine(_folder.FullName, "bus.sock")), subscriptions);
        _clients.Add(client);
        return client;
    }
}
