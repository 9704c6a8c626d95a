using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

[Collection(nameof(CliCollection))]
public sealed class RequestReplyTests(BusDaemon daemon)
{
    [Fact]
    public async Task Echo_answers_with_the_payload()
    {
        await using var reply = await ReplyAsync("echo.*", "--count", "2");
        Assert.Equal((0, "hello\n"), await RequestAsync("echo.a", "hello"));
        Assert.Equal((0, "hello"), await RequestAsync("echo.b", "hello", "--no-newline"));
        Assert.Equal(0, await reply.ExitAsync());
    }

    [Fact]
    public async Task Exec_runs_a_command_for_each_request_and_its_failure_is_an_error_reply()
    {
        await using var reply = await ReplyAsync("exec.*", "--exec", "case $IPCBUS_TOPIC in *.bad) echo no such thing >&2; exit 7;; *) tr a-z A-Z;; esac");
        Assert.Equal((0, "HELLO\n"), await RequestAsync("exec.up", "hello"));

        await using var failing = ToolProcess.StartIpcBus("request", "exec.bad", "x", "--url", daemon.Url);
        Assert.Equal(1, await failing.ExitAsync());
        Assert.Equal("", failing.Output.Text);
        Assert.Contains("exited with 7: no such thing", failing.Errors.Text, StringComparison.Ordinal);

        Assert.Equal((0, "AGAIN\n"), await RequestAsync("exec.up", "again"));
        await reply.SignalAsync("TERM");
        Assert.Equal(0, await reply.ExitAsync());
    }

    [Theory]
    [InlineData("cat /dev/zero > /dev/null")]
    [InlineData("cat < /dev/zero > /dev/null & exit 0")]
    public async Task A_command_that_takes_too_long_is_killed_with_all_that_it_started(string hang)
    {
        // What the command starts holds an end of this pipe open: its reader ends when nobody does any more.
        var fifo = Path.Combine(Path.GetTempPath(), $"ipcbus-{Guid.NewGuid():N}");
        await using (var make = ToolProcess.Start("mkfifo", [fifo])) Assert.Equal(0, await make.ExitAsync());
        var topic = $"late.{hang.Length}";
        await using var reply = await ReplyAsync(topic, "--exec-timeout", "2s", "--exec", $"if read slow; then exec 9>'{fifo}'; {hang}; else echo next; fi");
        await using var watcher = ToolProcess.Start("/bin/cat", [fifo]);
        await using var request = ToolProcess.StartIpcBus("request", topic, "slow\n", "--url", daemon.Url);

        Assert.Equal(1, await request.ExitAsync());
        Assert.Contains("within 2 s, and was killed with all that it started", request.Errors.Text, StringComparison.Ordinal);
        // In case that the command was killed before it came to opening it. For both directions: that does not wait for a reader.
        await using (new FileStream(fifo, FileMode.Open, FileAccess.ReadWrite))
        {
        }

        Assert.Equal(0, await watcher.ExitAsync());
        Assert.Equal((0, "next\n\n"), await RequestAsync(topic, ""));
        File.Delete(fifo);
    }

    [Fact]
    public async Task A_request_that_is_too_large_with_its_own_header_is_told_what_fits()
    {
        await using var request = ToolProcess.StartIpcBus("request", "large.one", "-", "--url", daemon.Url);
        await request.WriteAsync(new byte[1024 * 1024]);
        request.CloseInput();

        Assert.Equal(1, await request.ExitAsync());
        Assert.Contains("1,048,576 for both together, which leaves 1,048,548 for the payload", request.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_responding_and_nobody_answering_have_exit_codes_of_their_own()
    {
        await using var none = ToolProcess.StartIpcBus("request", "nobody.here", "x", "--url", daemon.Url);
        Assert.Equal(3, await none.ExitAsync());
        Assert.Contains("nobody.here", none.Errors.Text, StringComparison.Ordinal);

        await using var silent = ToolProcess.StartIpcBus("sub", "silent.one", "--url", daemon.Url);
        await silent.Errors.WaitForAsync("subscribed");
        await using var late = ToolProcess.StartIpcBus("request", "silent.one", "x", "--timeout", "100ms", "--url", daemon.Url);
        Assert.Equal(4, await late.ExitAsync());
        Assert.Contains("0.1 s", late.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_responder_fails_the_request_and_an_interrupted_request_says_so_by_its_exit_code()
    {
        // A responder for each: what it says is the sign that this request has reached it.
        const string Hang = "echo started >&2; cat /dev/zero > /dev/null";
        await using var reply = await ReplyAsync("hang.on", "--exec", Hang);
        await using var other = await ReplyAsync("hang.interrupted", "--exec", Hang);
        await using var request = ToolProcess.StartIpcBus("request", "hang.on", "x", "--timeout", "1m", "--url", daemon.Url);
        await using var interrupted = ToolProcess.StartIpcBus("request", "hang.interrupted", "x", "--timeout", "1m", "--url", daemon.Url);
        await reply.Errors.WaitForAsync("started");
        await other.Errors.WaitForAsync("started");
        var cutOff = await interrupted.InterruptAsync();
        Assert.Equal(cutOff, await interrupted.ExitAsync());
        await reply.DisposeAsync();
        Assert.Equal(1, await request.ExitAsync());
        Assert.Contains("disconnected before it replied", request.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ping_and_info_tell_about_the_bus()
    {
        await using var ping = ToolProcess.StartIpcBus("ping", "--count", "3", "--url", daemon.Url);
        Assert.Equal(0, await ping.ExitAsync());
        Assert.Equal(4, ping.Output.Lines.Length);

        await using var info = ToolProcess.StartIpcBus("info", "--json", "--url", daemon.TcpUrl);
        Assert.Equal(0, await info.ExitAsync());
        using var json = System.Text.Json.JsonDocument.Parse(info.Output.Text);
        Assert.Equal("ipcbus", json.RootElement.GetProperty("server_name").GetString());
        Assert.True(json.RootElement.GetProperty("headers").GetBoolean());

        await using var people = ToolProcess.StartIpcBus("info", "--url", daemon.Url);
        Assert.Equal(0, await people.ExitAsync());
        Assert.Contains("ipcbus", people.Output.Text, StringComparison.Ordinal);
    }

    private async Task<ToolProcess> ReplyAsync(string topic, params string[] options)
    {
        var reply = ToolProcess.StartIpcBus(["reply", topic, .. options, "--url", daemon.Url]);
        await reply.Errors.WaitForAsync("replying on");
        return reply;
    }

    private async Task<(int Code, string Output)> RequestAsync(string topic, string payload, params string[] options)
    {
        await using var request = ToolProcess.StartIpcBus(["request", topic, payload, .. options, "--url", daemon.Url]);
        return (await request.ExitAsync(), request.Output.Text);
    }
}
