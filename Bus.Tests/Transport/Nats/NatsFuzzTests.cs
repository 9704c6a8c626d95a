using System.Text;

namespace Bus.Tests.Transport.Nats;

public sealed class NatsFuzzTests
{
    private const int Iterations = 20_000;

    // What mutations like to insert: the places where the grammar turns.
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
        var random = new Random(seed);
        for (var i = 0; i < Iterations; i++) NatsFuzz.Fuzz(Mutate(random));
    }

    private static byte[] Mutate(Random random)
    {
        // The long seeds are for the line limit and would take most of the time.
        byte[] chosen;
        do chosen = Seeds[random.Next(Seeds.Length)];
        while (chosen.Length > 1000 && random.Next(50) != 0);

        var bytes = new List<byte>(chosen);
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(5))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when at < bytes.Count:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(8, bytes.Count - at) + 1));
                    break;
                case 2:
                    bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                    break;
                case 3 when at < bytes.Count:
                    bytes[at] ^= 0x20; // letter case, and what it aliases
                    break;
                default:
                    bytes.InsertRange(at, Seeds[random.Next(Seeds.Length)].Take(200));
                    break;
            }
        }

        return bytes.ToArray();
    }
}
