using System.Text;

namespace Bus.Tests.Transport.Nats;

public sealed class NatsFuzzTests
{
    private const int Iterations = 20_000;

    private static readonly byte[][] Pieces = new[] { "\r\n", "\n", "\r", " ", "\t", "0", "9", "-", "+OK", "-ERR ", "'", "PING", "PUB a 1\r\nx\r\n", "HPUB a 1 2\r\n", "MSG a 1 1\r\n", "SUB a 1\r\n", "99999999999999999999" }
        .Select(Encoding.Latin1.GetBytes).ToArray();

    private static readonly byte[][] Seeds = WireText.Table("corpus.txt").Select(row => WireText.Bytes(row[0]))
        .Concat(WireText.Table("transcript.tsv").Select(row => WireText.Bytes(row[0]))).ToArray();

    [Fact]
    public void The_seeds_are_read_as_the_oracle_reads_them()
    {
        foreach (var seed in Seeds) NatsFuzz.Fuzz(seed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Mutated_seeds_are_read_as_the_oracle_reads_them(int seed)
    {
        var (random, mutator) = (new Random(seed), new Mutator(Seeds, Pieces));
        for (var i = 0; i < Iterations; i++) NatsFuzz.Fuzz(mutator.Mutate(random));
    }
}
