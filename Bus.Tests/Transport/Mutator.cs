namespace Bus.Tests.Transport;

/// <summary>Makes input that is almost right: a seed with a few changes.</summary>
/// <param name="seeds">Input that parsers should see as it is.</param>
/// <param name="pieces">What is inserted: the places where the grammar turns.</param>
internal sealed class Mutator(byte[][] seeds, byte[][] pieces)
{
    private const int MostOfAnother = 200;

    /// <summary>Where in an input pieces like to stand. Null: anywhere.</summary>
    public Func<List<byte>, int>? Place { get; init; }

    public byte[] Mutate(Random random)
    {
        // The long seeds are for limits, and would take most of the time.
        byte[] chosen;
        do chosen = seeds[random.Next(seeds.Length)];
        while (chosen.Length > 1000 && random.Next(50) != 0);

        var bytes = new List<byte>(chosen);
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            switch (random.Next(6))
            {
                case 0 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when at < bytes.Count:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(8, bytes.Count - at) + 1));
                    break;
                case 2 or 3:
                    bytes.InsertRange(Place is not null && random.Next(2) == 0 ? Place(bytes) : at, pieces[random.Next(pieces.Length)]);
                    break;
                case 4 when at < bytes.Count:
                    // Letter case, and what it aliases.
                    bytes[at] ^= 0x20;
                    break;
                default:
                    bytes.InsertRange(at, seeds[random.Next(seeds.Length)].Take(MostOfAnother));
                    break;
            }
        }

        return [.. bytes];
    }
}
