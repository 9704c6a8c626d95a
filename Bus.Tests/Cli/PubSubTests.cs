using System.Text;
using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

[Collection(nameof(CliCollection))]
public sealed class PubSubTests(BusDaemon daemon)
{
    [Fact]
    public async Task Sub_prints_what_pub_publishes_and_ends_after_its_count()
    {
        await using var sub = await SubscribeAsync("human.*", "--count", "2");
        Assert.Equal(0, await PubAsync("", "human.one", "hello", "-H", "trace=7", "--reply-to", "human.back.x"));
        Assert.Equal(0, await PubAsync("from\nstdin\e[31m", "human.two"));
        Assert.Equal(0, await sub.ExitAsync());
        Assert.Equal(["human.one  hello  [trace: 7]  (reply to human.back.x)", @"human.two  from\nstdin\x1b[31m"], sub.Output.Lines);
    }

    [Fact]
    public async Task Json_is_one_object_a_line_with_base64_for_what_is_no_text()
    {
        await using var sub = await SubscribeAsync("json.>", "--json", "--count", "3");
        Assert.Equal(0, await PubAsync("", "json.text", "grüße \"you\"", "-H", "a=1", "-H", "a=2", "--reply-to", "back"));
        Assert.Equal(0, await PubAsync([0xff, 0x00], "json.bytes", "-"));
        Assert.Equal(0, await PubAsync("", "json.empty"));
        Assert.Equal(0, await sub.ExitAsync());
        Assert.Equal(
            [
                """{"topic":"json.text","reply_to":"back","headers":{"a":["1","2"]},"payload":"grüße \"you\""}""",
                """{"topic":"json.bytes","payload_base64":"/wA="}""",
                """{"topic":"json.empty","payload":""}""",
            ],
            sub.Output.Lines);
    }

    [Fact]
    public async Task An_endless_file_is_too_large_and_not_read_to_its_end()
    {
        await using var pub = ToolProcess.StartIpcBus("pub", "endless", "--file", "/dev/zero", "--url", daemon.Url);
        Assert.Equal(1, await pub.ExitAsync());
        Assert.Contains("this bus allows 1,048,576", pub.Errors.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pub unreadable", "</tmp", "ipcbus: stdin cannot be read: ")]
    [InlineData("pub unreadable --lines", "</tmp", "ipcbus: stdin cannot be read: ")]
    [InlineData("pub unreadable --file /proc/self/mem", "", "ipcbus: '/proc/self/mem' cannot be read: ")]
    [InlineData("pub unreadable --lines --file /dev/zero", "", "ipcbus: Line 1 is longer than 64 MiB")]
    public async Task Input_that_cannot_be_read_is_told_with_its_place(string command, string input, string text)
    {
        await using var shell = ToolProcess.Start("/bin/sh", ["-c", $"exec '{ToolProcess.IpcBus}' {command} --url '{daemon.Url}' {input}"]);
        Assert.Equal(1, await shell.ExitAsync());
        Assert.StartsWith(text, Assert.Single(shell.Errors.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lines_arrive_byte_for_byte(bool tcp)
    {
        var url = tcp ? daemon.TcpUrl : daemon.Url;
        var text = AwkwardText(200_000);
        var lines = text.Count(b => b == '\n') + 1;
        var topic = $"bytes.{(tcp ? "tcp" : "unix")}";
        await using var sub = await SubscribeAsync(topic, "--raw", "--count", $"{lines}", "--url", url);
        Assert.Equal(0, await PubAsync(text, topic, "--lines", "--url", url));
        Assert.Equal(0, await sub.ExitAsync());
        // The last line of the input has no line feed; --raw adds one.
        Assert.True(sub.Output.Bytes.AsSpan().SequenceEqual([.. text, (byte)'\n']), "the output differs from the input");
    }

    [Fact]
    public async Task Lines_of_a_file_and_repeated_messages()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "one\n\ntwo\n");
        await using var sub = await SubscribeAsync("files.>", "--raw", "--count", "6");
        Assert.Equal(0, await PubAsync("", "files.lines", "--lines", "--file", file));
        Assert.Equal(0, await PubAsync("", "files.whole", "--file", file));
        Assert.Equal(0, await PubAsync("", "files.twice", "x", "--count", "2"));
        Assert.Equal(0, await sub.ExitAsync());
        Assert.Equal("one\n\ntwo\none\n\ntwo\n\nx\nx\n", sub.Output.Text);
        File.Delete(file);
    }

    [Fact]
    public async Task Confirmed_messages_are_counted_with_those_they_reached()
    {
        await using var sub = await SubscribeAsync("confirm.*", "--raw", "--count", "3");
        await using var pub = ToolProcess.StartIpcBus("pub", "confirm.lines", "--lines", "--confirm", "--url", daemon.Url);
        await pub.WriteAsync("a\nb\nc\n");
        pub.CloseInput();
        Assert.Equal(0, await pub.ExitAsync());
        Assert.Equal(["confirmed 3, reached 3"], pub.Output.Lines);
        Assert.Equal(0, await sub.ExitAsync());
        Assert.Equal(["a", "b", "c"], sub.Output.Lines);
    }

    [Fact]
    public async Task A_retained_value_is_there_for_who_comes_later_until_it_is_cleared()
    {
        Assert.Equal(0, await PubAsync("", "kept.value", "hello", "--retain"));
        await using var sub = await SubscribeAsync("kept.*", "--raw", "--count", "1");
        Assert.Equal(0, await sub.ExitAsync());
        Assert.Equal("hello\n", sub.Output.Text);

        Assert.Contains("\nkept.value  5 ", await RetainedAsync("kept.>"), StringComparison.Ordinal);
        Assert.Equal("", await RetainedAsync("kept.value", "--clear"));
        Assert.StartsWith("0 values with 0 bytes; ", await RetainedAsync("kept.>"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_group_gets_each_message_once()
    {
        await using var first = await SubscribeAsync("shared.work", "--queue", "g", "--raw");
        await using var second = await SubscribeAsync("shared.work", "--queue", "g", "--raw");
        var lines = Enumerable.Range(0, 1000).Select(i => $"{i}").ToArray();
        Assert.Equal(0, await PubAsync(string.Join('\n', lines), "shared.work", "--lines"));
        foreach (var sub in new[] { first, second })
        {
            await sub.InterruptAsync();
            Assert.Equal(0, await sub.ExitAsync());
            Assert.NotEmpty(sub.Output.Lines);
        }

        Assert.Equal(lines.Order(StringComparer.Ordinal), first.Output.Lines.Concat(second.Output.Lines).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_interrupted_sub_prints_what_has_arrived_by_then()
    {
        await using var sub = await SubscribeAsync("interrupted.sub", "--raw");
        await sub.SignalAsync("STOP");
        var lines = Enumerable.Range(0, 1000).Select(i => $"{i}").ToArray();
        Assert.Equal(0, await PubAsync(string.Join('\n', lines), "interrupted.sub", "--lines"));
        await sub.InterruptAsync();
        await sub.SignalAsync("CONT");
        Assert.Equal(0, await sub.ExitAsync());
        Assert.Equal(lines, sub.Output.Lines);
    }

    [Fact]
    public async Task A_closed_output_ends_sub_quietly()
    {
        var script = $"'{ToolProcess.IpcBus}' sub head.x --raw --url '{daemon.Url}' | head -n 1; echo status ${{PIPESTATUS[0]}}";
        await using var shell = ToolProcess.Start("/bin/bash", ["-c", script]);
        await shell.Errors.WaitForAsync("subscribed");
        while (!shell.Output.Text.Contains("status", StringComparison.Ordinal)) Assert.Equal(0, await PubAsync("line", "head.x"));
        Assert.Equal(0, await shell.ExitAsync());
        Assert.Equal("line\nstatus 0\n", shell.Output.Text);
        Assert.DoesNotContain("ipcbus: u", shell.Errors.Text.Replace("ipcbus: subscribed", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sub full.x --count 1")]
    [InlineData("info")]
    public async Task A_full_output_is_named(string command)
    {
        await using var shell = ToolProcess.Start("/bin/sh", ["-c", $"exec '{ToolProcess.IpcBus}' {command} --url '{daemon.Url}' >/dev/full"]);
        if (command != "info")
        {
            await shell.Errors.WaitForAsync("subscribed");
            Assert.Equal(0, await PubAsync("line", "full.x"));
        }

        Assert.Equal(1, await shell.ExitAsync());
        Assert.Contains("ipcbus: stdout cannot be written to: No space left on device", shell.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Interrupted_pub_says_so_by_its_exit_code()
    {
        await using var sub = await SubscribeAsync("cut.off", "--count", "1", "--raw");
        await using var pub = ToolProcess.StartIpcBus("pub", "cut.off", "--lines", "--url", daemon.Url);
        await pub.WriteAsync("first\nsecond");
        Assert.Equal(0, await sub.ExitAsync());
        var cutOff = await pub.InterruptAsync();
        Assert.Equal(cutOff, await pub.ExitAsync());
    }

    private static byte[] AwkwardText(int lines)
    {
        var random = new Random(1);
        using var text = new MemoryStream();
        for (var i = 0; i < lines; i++)
        {
            var line = (i % 5) switch
            {
                0 => [],
                1 => "with CRLF\r"u8.ToArray(),
                2 => [0xff, 0xfe, 0x00, 0xc3, (byte)(i & 0x7f | 0x80)],
                3 => Encoding.UTF8.GetBytes($"line {i} äöü"),
                _ => Enumerable.Repeat((byte)'x', random.Next(200)).ToArray(),
            };
            text.Write(line);
            text.WriteByte((byte)'\n');
        }

        text.Write(new byte[70_000]);
        return text.ToArray();
    }

    private async Task<ToolProcess> SubscribeAsync(string filter, params string[] options)
    {
        var sub = ToolProcess.StartIpcBus(["sub", filter, .. options, .. options.Contains("--url") ? Array.Empty<string>() : ["--url", daemon.Url]]);
        await sub.Errors.WaitForAsync("subscribed");
        return sub;
    }

    private async Task<string> RetainedAsync(params string[] arguments)
    {
        await using var retained = ToolProcess.StartIpcBus(["retained", .. arguments, "--url", daemon.Url]);
        Assert.Equal(0, await retained.ExitAsync());
        return retained.Output.Text;
    }

    private Task<int> PubAsync(string input, params string[] arguments) => PubAsync(Encoding.UTF8.GetBytes(input), arguments);

    private async Task<int> PubAsync(byte[] input, params string[] arguments)
    {
        await using var pub = ToolProcess.StartIpcBus(["pub", .. arguments, .. arguments.Contains("--url") ? Array.Empty<string>() : ["--url", daemon.Url]]);
        if (input.Length > 0) await pub.WriteAsync(input);
        pub.CloseInput();
        var code = await pub.ExitAsync();
        Assert.Equal("", pub.Errors.Text);
        return code;
    }
}
