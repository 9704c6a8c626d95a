using Bus.Cli.Execution;
using Bus.Cli.Output;
using Bus.Core.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

[Collection(nameof(CliCollection))]
public sealed class ErrorTextTests(BusDaemon daemon)
{
    [Fact]
    public void Advice_names_options_and_not_the_API()
    {
        Assert.Contains("1 message waited", new SlowConsumerException("a", 1).Message, StringComparison.Ordinal);
        Assert.EndsWith("Take messages faster, raise --buffer, or choose another --when-full.", ErrorText.Of(new SlowConsumerException("a", 1)), StringComparison.Ordinal);
        Assert.EndsWith("or raise --max-payload of 'ipcbus serve'.", ErrorText.Of(new PayloadTooLargeException("a", 2, 1)), StringComparison.Ordinal);
        Assert.Equal("Too much.", ErrorText.Of(new ArgumentOutOfRangeException("size", 3, "Too much.")));
    }

    [Fact]
    public void What_is_counted_is_one_or_many() => Assert.Equal(["0 bytes", "1 byte", "1,200 bytes"], new[] { 0L, 1, 1200 }.Select(n => Plural.Of(n, "byte")));

    [Theory]
    [InlineData("pub a --file {0}", "'{0}' has 3,000,000 bytes; this bus allows 1,048,576 in a message.")]
    [InlineData("send x --file {0}", "'{0}' has 3,000,000 bytes; this bus allows 1,048,576 in a message.")]
    [InlineData("pub a", "stdin has more than 1,048,576 bytes;")]
    public async Task What_is_too_large_is_told_with_its_true_size(string line, string error)
    {
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, new byte[3_000_000]);
        await using var shell = ToolProcess.Start("/bin/sh", ["-c", $"exec '{ToolProcess.IpcBus}' {line.Replace("{0}", path, StringComparison.Ordinal)} --url {daemon.Url} </dev/zero"]);
        Assert.Equal(1, await shell.ExitAsync());
        Assert.StartsWith($"ipcbus: {error.Replace("{0}", path, StringComparison.Ordinal)}", Assert.Single(shell.Errors.Lines), StringComparison.Ordinal);
        File.Delete(path);
    }

    [Theory]
    [InlineData("pub cli.big {0} --confirm", "The message to 'cli.big' has")]
    [InlineData("survey cli.big {0}", "The message to 'cli.big' has")]
    [InlineData("broadcast cli.big {0}", "The message to 'cli.big' has")]
    [InlineData("send cli-big {0}", "The message to 'cli-big' has")]
    [InlineData("deliver cli-big {0} --topic jobs", "The message to 'cli-big' has")]
    public async Task The_topic_or_client_of_the_command_is_named(string line, string error)
    {
        await using var small = ToolProcess.StartIpcBus("serve", "--listen", "tcp://127.0.0.1:0", "--max-payload", "1KiB", "--stop-on-eof");
        var url = (await small.Output.WaitForAsync("listening on"))["listening on ".Length..].Trim();
        await using var tool = ToolProcess.StartIpcBus([.. line.Replace("{0}", new string('x', 2000), StringComparison.Ordinal).Split(' '), "--url", url]);
        Assert.Equal(1, await tool.ExitAsync());
        Assert.StartsWith($"ipcbus: {error}", Assert.Single(tool.Errors.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("$BUS", tool.Errors.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pub $BUS.x y", 2)]
    [InlineData("sub $BUS.x", 2)]
    public async Task What_is_the_fault_of_the_command_line_exits_with_2_also_when_only_the_library_sees_it(string line, int code)
    {
        await using var tool = ToolProcess.StartIpcBus([.. line.Split(' '), "--url", daemon.Url]);
        Assert.Equal(code, await tool.ExitAsync());
        Assert.Contains("'$BUS.x' belongs to the bus itself", Assert.Single(tool.Errors.Lines), StringComparison.Ordinal);
    }
}
