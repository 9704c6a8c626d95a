using System.Text;
using BenchmarkDotNet.Attributes;
using Bus.Transport.Nats;

namespace Bus.Benchmarks.Allocations;

/// <summary>Step 2 of the data path: every frame of a read.</summary>
public class ParseBenchmarks
{
    private const int Count = 10_000;
    private static readonly NatsRules Rules = NatsRules.FromClient();
    private readonly byte[] _publish = Repeat("PUB orders.created 16\r\n0123456789abcdef\r\n");
    private readonly byte[] _headers = Repeat("HPUB orders.created _INBOX.1.2 18 34\r\nNATS/1.0\r\na: b\r\n\r\n0123456789abcdef\r\n");

    [Benchmark(OperationsPerInvoke = Count)]
    public int Publish() => ParseAll(_publish);

    [Benchmark(OperationsPerInvoke = Count)]
    public int PublishWithHeaders() => ParseAll(_headers);

    private static int ParseAll(ReadOnlySpan<byte> input)
    {
        var bytes = 0;
        for (var i = 0; i < Count; i++)
        {
            if (NatsParser.Parse(input, Rules, out var frame).Status != NatsParseStatus.Complete) throw new InvalidOperationException($"Frame {i} was not parsed.");
            bytes += frame.BodyLength;
            input = input[frame.Consumed..];
        }

        return bytes;
    }

    private static byte[] Repeat(string frame) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(frame, Count)));
}
