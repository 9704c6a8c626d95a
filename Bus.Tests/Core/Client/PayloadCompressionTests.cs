using System.IO.Compression;
using Bus.Core.Client;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Core.Client;

public sealed class PayloadCompressionTests
{
    private static readonly Gen<CompressionMethod> Methods = Gen.Elements(Enum.GetValues<CompressionMethod>());

    private static readonly Gen<byte[]> Payloads = Gen.Zip(Gen.Choose(1, 3000), Gen.Elements(1, 4, 256)).SelectMany(p => Gen.ArrayOf(Gen.Choose(0, p.Item2 - 1).Select(b => (byte)b), p.Item1));

    [Fact]
    public void What_is_compressed_is_decompressed_up_to_the_limit_and_not_beyond()
    {
        Prop.ForAll(Gen.Zip(Payloads, Gen.Zip(Methods, Gen.Choose(-2, 2))).ToArbitrary(), given =>
        {
            var (payload, (method, more)) = given;
            var compressed = Compress(payload, method);
            var limit = Math.Max(1, payload.Length + more);
            var isWithin = PayloadCompression.TryDecompress(compressed, method, limit, out var result);
            return isWithin == payload.Length <= limit && (!isWithin || result.Span.SequenceEqual(payload));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>Compared with the streams of .NET, byte by byte.</summary>
    [Fact]
    public void What_others_compress_is_read()
    {
        Prop.ForAll(Gen.Zip(Payloads, Methods).ToArbitrary(), given =>
        {
            var (payload, method) = given;
            using var target = new MemoryStream();
            using (Stream stream = method == CompressionMethod.Brotli ? new BrotliStream(target, CompressionLevel.SmallestSize, leaveOpen: true) : new GZipStream(target, CompressionLevel.SmallestSize, leaveOpen: true)) stream.Write(payload);
            return PayloadCompression.TryDecompress(target.ToArray(), method, payload.Length, out var result) && result.Span.SequenceEqual(payload);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_is_cut_off_is_never_taken_for_the_whole()
    {
        Prop.ForAll(Gen.Zip(Payloads, Gen.Zip(Methods, Gen.Choose(1, 100))).ToArbitrary(), given =>
        {
            var (payload, (method, cut)) = given;
            var compressed = Compress(payload, method);
            var rest = compressed[..Math.Max(1, compressed.Length - cut)];
            Assert.Throws<InvalidDataException>(() => PayloadCompression.TryDecompress(rest, method, 10_000, out _));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Whatever_a_peer_sends_is_read_refused_or_too_large()
    {
        var damaged = Gen.Zip(Gen.Zip(Payloads, Methods), Gen.ArrayOf(Gen.Zip(Gen.Choose(0, 4000), Gen.Choose(0, 255)))).Select(given =>
        {
            var ((payload, method), changes) = given;
            var compressed = Compress(payload, method);
            foreach (var (at, value) in changes) compressed[at % compressed.Length] = (byte)value;
            return (compressed, method);
        });
        var any = Gen.Zip(Gen.ArrayOf(Gen.Choose(0, 255).Select(b => (byte)b)), Methods).Select(p => (p.Item1, p.Item2));
        Prop.ForAll(Gen.OneOf(damaged, any).ToArbitrary(), given =>
        {
            try
            {
                PayloadCompression.TryDecompress(given.Item1, given.Item2, 4000, out var result);
                Assert.True(result.Length <= 4000);
            }
            catch (InvalidDataException)
            {
                // Said to be damaged, as it is.
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(CompressionMethod.Brotli)]
    [InlineData(CompressionMethod.GZip)]
    public void A_bomb_takes_no_more_memory_than_the_limit_allows(CompressionMethod method)
    {
        var bomb = Compress(new byte[256 * 1024 * 1024], method);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(PayloadCompression.TryDecompress(bomb, method, 1024 * 1024, out _));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 1024 * 1024);
    }

    [Theory]
    [InlineData("br", CompressionMethod.Brotli)]
    [InlineData("BR", CompressionMethod.Brotli)]
    [InlineData("gzip", CompressionMethod.GZip)]
    [InlineData("X-GZip", CompressionMethod.GZip)]
    [InlineData("identity", null)]
    [InlineData("br, gzip", null)]
    [InlineData("", null)]
    public void The_names_of_the_methods_are_those_of_HTTP(string name, CompressionMethod? method) =>
        Assert.Equal(method, PayloadCompression.Known(System.Text.Encoding.ASCII.GetBytes(name)));

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new CompressionOptions { Above = -1 }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new CompressionOptions { Method = (CompressionMethod)7 }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new CompressionOptions { Level = CompressionLevel.NoCompression }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new CompressionOptions { MaxDecompressed = 0 }.Validate());
        Assert.Throws<ArgumentOutOfRangeException>(() => new CompressionOptions { MaxDecompressed = CompressionOptions.MaxMaxDecompressed + 1 }.Validate());
        new CompressionOptions { Above = 0, Level = CompressionLevel.SmallestSize, MaxDecompressed = CompressionOptions.MaxMaxDecompressed }.Validate();
    }

    private static byte[] Compress(byte[] payload, CompressionMethod method)
    {
        var target = new byte[payload.Length + 1000];
        var length = PayloadCompression.Compress(payload, target, new CompressionOptions { Method = method });
        Assert.NotEqual(0, length);
        return target[..length];
    }
}
