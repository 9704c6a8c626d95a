using System.Text;
using Bus.Cli.Input;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Cli;

public sealed class LineReaderTests
{
    [Fact]
    public void Any_bytes_in_any_pieces_give_the_lines_that_they_hold() =>
        Prop.ForAll(
            Gen.Elements((byte)'\n', (byte)'\r', (byte)'a', (byte)0xff).ArrayOf().Two().ToArbitrary(),
            Gen.Choose(1, 9).ToArbitrary(),
            (input, size) =>
            {
                byte[] bytes = [.. input.Item1, .. input.Item2];
                var text = Encoding.Latin1.GetString(bytes);
                var expected = text.Split('\n').ToList();
                if (expected[^1].Length == 0) expected.RemoveAt(expected.Count - 1);
                return expected.SequenceEqual(ReadAll(new PiecewiseStream(bytes, size), size).GetAwaiter().GetResult());
            }).QuickCheckThrowOnFailure();

    private static async Task<List<string>> ReadAll(Stream stream, int bufferSize)
    {
        var reader = new LineReader(stream, bufferSize);
        var lines = new List<string>();
        while (await reader.FillAsync(CancellationToken.None))
        {
            while (reader.TryRead(out var line)) lines.Add(Encoding.Latin1.GetString(line.Span));
        }

        Assert.Equal(lines.Count, reader.Count);
        return lines;
    }

    /// <summary>Delivers at most a few bytes a read, as pipes do.</summary>
    private sealed class PiecewiseStream(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, size)], cancellationToken);
    }
}
