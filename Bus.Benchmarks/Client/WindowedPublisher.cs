using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Bus.Benchmarks.Client;

/// <summary>Publishes numbered messages in large writes, on a thread of its own, at most a window ahead of who receives them: natsload's publisher.</summary>
internal sealed class WindowedPublisher : IDisposable
{
    private const int Window = 65_536;
    private const int BatchBytes = 32_768;

    // The receiver tells how far it is once in a while, not at every message.
    private const int Report = 1_024;

    private readonly RawClient _client;
    private readonly byte[] _frame;
    private readonly int _payloadAt;
    private readonly int _count;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _reports = new(0);
    private volatile bool _stopped;

    public WindowedPublisher(EndPoint endpoint, int size, int count)
    {
        _client = new RawClient(endpoint);
        _count = count;
        var head = $"PUB bench.0 {size}\r\n";
        _payloadAt = head.Length;
        _frame = Encoding.ASCII.GetBytes($"{head}{new string('x', size)}\r\n");
        _thread = new Thread(Run) { IsBackground = true };
    }

    public void Start() => _thread.Start();

    /// <summary>So many have arrived in all.</summary>
    public void Received(long count)
    {
        if (count % Report == 0) _reports.Release();
    }

    public void Dispose()
    {
        _stopped = true;
        _reports.Release();
        _thread.Join();
        _client.Dispose();
        _reports.Dispose();
    }

    private void Run()
    {
        var batch = new byte[BatchBytes + _frame.Length];
        var length = 0;
        var received = 0;
        for (var i = 1; i <= _count && !_stopped; i++)
        {
            _frame.CopyTo(batch.AsSpan(length));
            BinaryPrimitives.WriteInt64LittleEndian(batch.AsSpan(length + _payloadAt), i);
            length += _frame.Length;
            if (length < BatchBytes && i < _count) continue;
            _client.Send(batch.AsSpan(0, length));
            length = 0;
            for (; i - received > Window && !_stopped; received += Report) _reports.Wait();
        }
    }
}
