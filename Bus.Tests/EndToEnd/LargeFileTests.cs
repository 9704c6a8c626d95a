using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>A large text file through a real daemon to two real subscribers: byte for byte, in bounded memory.</summary>
public sealed class LargeFileTests(BusDaemon daemon) : IClassFixture<BusDaemon>
{
    // IPCBUS_TEST_MEGABYTES=200 makes it larger than CI has time for.
    private static readonly int Megabytes = int.Parse(Environment.GetEnvironmentVariable("IPCBUS_TEST_MEGABYTES") ?? "20", CultureInfo.InvariantCulture);

    private const long MaxDaemonKilobytes = 150 * 1024;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_file_arrives_byte_for_byte_at_two_subscribers(bool tcp)
    {
        var url = tcp ? daemon.TcpUrl : daemon.Url;
        var file = Path.GetTempFileName();
        try
        {
            var lines = await WriteAsync(file, Megabytes * 1024L * 1024);
            string[] subscribe = ["sub", $"large.{tcp}", "--raw", "--count", $"{lines}", "--url", url];
            await using var first = ToolProcess.StartIpcBus(subscribe);
            await using var second = ToolProcess.StartIpcBus(subscribe);
            await first.Errors.WaitForAsync("subscribed");
            await second.Errors.WaitForAsync("subscribed");

            await using var publisher = ToolProcess.StartIpcBus("pub", $"large.{tcp}", "--lines", "--file", file, "--url", url);
            var guard = TimeSpan.FromSeconds(30 + Megabytes);
            Assert.Equal((0, ""), (await publisher.ExitAsync(guard), publisher.Errors.Text));

            await using var sent = File.OpenRead(file);
            var expected = Convert.ToHexString(await SHA256.HashDataAsync(sent));
            foreach (var subscriber in new[] { first, second })
            {
                Assert.Equal(0, await subscriber.ExitAsync(guard));
                Assert.Equal(expected, Convert.ToHexString(SHA256.HashData(subscriber.Output.Bytes)));
            }

            if (OperatingSystem.IsLinux()) Assert.InRange(await PeakKilobytesAsync(daemon.Process.Id), 1, MaxDaemonKilobytes);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Short lines and long ones, empty ones, with and without carriage return, in several scripts.</summary>
    private static async Task<int> WriteAsync(string file, long size)
    {
        string[] words = ["grüße", "naïve", "日本語", "Ελληνικά", "🚀", "plain", "{\"a\":1}", "\ttab", new string('x', 50)];
        var random = new Random(7);
        var lines = 0;
        await using var writer = new StreamWriter(file, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 20);
        for (var written = 0L; written < size; lines++)
        {
            var line = random.Next(1000) switch
            {
                < 50 => "",
                < 60 => string.Concat(Enumerable.Repeat(words[random.Next(words.Length)], random.Next(1000, 4000))),
                60 => new string('L', random.Next(100_000, 900_000)),
                _ => string.Join(' ', Enumerable.Range(0, random.Next(1, 20)).Select(_ => words[random.Next(words.Length)])),
            };
            await writer.WriteAsync(line + (random.Next(5) == 0 ? "\r\n" : "\n"));
            written += line.Length + 1;
        }

        return lines;
    }

    private static async Task<long> PeakKilobytesAsync(int process)
    {
        var status = await File.ReadAllLinesAsync($"/proc/{process}/status");
        return long.Parse(status.First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);
    }
}
