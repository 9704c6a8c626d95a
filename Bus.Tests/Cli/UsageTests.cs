using Bus.Cli.Commands;
using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

public sealed class UsageTests
{
    // In process: what a command line means is decided before anything is started.
    [Theory]
    [InlineData("pub a..b x", "token 2")]
    [InlineData("pub a.* x", "'*'")]
    [InlineData("pub a x --lines", "--lines")]
    [InlineData("pub a x --header nonsense", "name=value")]
    [InlineData("pub a --lines --count 2", "--count")]
    [InlineData("pub a --file /does/not/exist", "/does/not/exist")]
    [InlineData("pub a --file /", "'/' is a directory")]
    [InlineData("demo --file /dev/null", "'/dev/null' is empty")]
    [InlineData("sub a.>.b", "last token")]
    [InlineData("sub a --raw --json", "--raw or --json")]
    [InlineData("sub a --count 0", "at least 1")]
    [InlineData("sub a --count many", "'many'")]
    [InlineData("sub a --buffer 0", "'0' is not a number of messages for --buffer")]
    [InlineData("sub a --when-full panic", "'panic' is not a policy for --when-full: block, drop-oldest")]
    [InlineData("request a x --timeout 7x", "'7x'")]
    [InlineData("request a x --timeout 0", "'0'")]
    [InlineData("request a x --timeout 0.00001ms", "'0.00001ms'")]
    [InlineData("reply a --echo --exec cat", "--echo or --exec")]
    [InlineData("ping --all --count 2", "--count does not go with --all")]
    [InlineData("ping --timeout 2s", "--timeout goes with --all only")]
    [InlineData("ping --all --timeout 2m", "'2m' is too long for --timeout: 1m or less.")]
    [InlineData("ping --all --timeout 0.5ms", "'0.5ms' is too short for --timeout: 1ms or more.")]
    [InlineData("ping --wait 0", "'0' is not a time for --wait")]
    [InlineData("survey a.*", "'*'")]
    [InlineData("ping --url http://x", "http")]
    [InlineData("ping --url unix://relative", "unix")]
    [InlineData("serve --listen tcp://127.0.0.1:1 --listen tcp://127.0.0.1:1", "tcp://127.0.0.1:1 is given twice")]
    [InlineData("serve --listen tls://127.0.0.1:1", "tls")]
    [InlineData("serve --restart-in later", "'later' is not a time for --restart-in: write 500ms, 2s, 1m, 1h, a number of seconds, or never;")]
    [InlineData("serve --stall-budget 11s", "'11s' is too long for --stall-budget: 10s or less.")]
    [InlineData("serve --topic a --retained-topic a", "--topic, --retained-topic: The topic \"a\" has topics in common with \"a\"")]
    [InlineData("serve --topic a.b --topic a.*", "\"a.*\" has topics in common with \"a.b\"")]
    [InlineData("serve --topic a..b --topic a", "--topic: The filter 'a..b' is not valid")]
    [InlineData("topics create a --max-payload 999GiB", "'999GiB' is out of range for --max-payload: 0 to 64MiB")]
    [InlineData("topics list", "'list' is no command of ipcbus topics: create, delete; or none, as in: ipcbus topics.")]
    [InlineData("watch nonsense", "'nonsense' is no command of ipcbus watch: presence.")]
    [InlineData("send  x", "The name of a client is empty")]
    [InlineData("watch", "'ipcbus watch' needs a command behind it: presence.")]
    [InlineData("retained a --clear --json", "--clear or --json")]
    [InlineData("ping --wait never", "'never' is not a time for --wait")]
    [InlineData("serve --max-payload 8XB", "'8XB' is not a size for --max-payload")]
    [InlineData("serve --max-payload 65MiB", "'65MiB' is out of range for --max-payload: 1 byte to 64MiB")]
    [InlineData("serve --max-pending 0", "'0' is out of range for --max-pending")]
    [InlineData("serve --max-connections 0", "'0' is out of range for --max-connections: 1 to 2,147,483,647")]
    [InlineData("serve --max-pings-out 0", "'0' is out of range for --max-pings-out: 1 to")]
    [InlineData("serve --max-retained -1", "--max-retained")]
    [InlineData("serve --max-retained-bytes much", "'much' is not a size for --max-retained-bytes")]
    [InlineData("serve --token-file /does/not/exist", "There is no file '/does/not/exist'")]
    [InlineData("reply a --exec-timeout 1s", "--exec-timeout goes with --exec")]
    [InlineData("request a x --timeout NaN", "'NaN' is not a time for --timeout")]
    [InlineData("request a x --timeout 99999999999999999999s", "'99999999999999999999s' is not a time")]
    [InlineData("request a x --timeout 79228162514264337593543950335h", "is not a time")]
    [InlineData("request a x --timeout 86400001ms", "is not a time")]
    [InlineData("pub a x --header", "--header")]
    [InlineData("pub a x --header a=b --header", "--header needs a <name=value> behind it each time")]
    [InlineData("serve --listen tcp://127.0.0.1:1 --listen", "--listen needs a <url> behind it each time")]
    [InlineData("pub a --reply-to a..b", "--reply-to: The topic 'a..b'")]
    [InlineData("pub a\u001b[31m.* x", @"a\x1b[31m.*")]
    [InlineData("pub", "<topic> is missing. The topic: dot-separated")]
    [InlineData("sub", "<filter> is missing")]
    [InlineData("pub --json x y", "option '--json'")]
    [InlineData("--url x ping", "'--url' belongs behind the command, as in: ipcbus ping --url ...")]
    [InlineData("nope", "'nope' is no command of ipcbus: serve, pub,")]
    [InlineData("serve --log-level foo", "'foo' is not a level for --log-level: Trace, Debug, Information, Warning, Error, Critical, None.")]
    [InlineData("serve --log-level 99", "'99' is not a level for --log-level")]
    [InlineData("serve --log-level", "--log-level needs a <level> behind it.")]
    [InlineData("serve --name ", "--name is empty")]
    [InlineData("completion tcsh", "'tcsh': bash, zsh or fish")]
    public void A_wrong_command_line_says_what_is_wrong(string line, string named)
    {
        string[] args = line.Split(' ');
        Assert.Contains(named, string.Join('\n', UsageErrors.Of(IpcBusCommand.Parse(args), args)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pub x y z")]
    [InlineData("serv")]
    [InlineData("--url x ping")]
    [InlineData("help nonsense")]
    [InlineData("nonsense --help")]
    [InlineData("topics list --help")]
    public async Task Nothing_is_guessed(string line)
    {
        await using var tool = ToolProcess.StartIpcBus(line.Split(' '));
        Assert.Equal(2, await tool.ExitAsync());
        Assert.DoesNotContain("Did you mean", tool.Errors.Text, StringComparison.Ordinal);
        Assert.Equal(2, tool.Errors.Lines.Length);
    }

    [Theory]
    [InlineData("@alice")]
    [InlineData("/h")]
    [InlineData("/?")]
    public void A_payload_is_neither_a_response_file_nor_help(string payload)
    {
        var parsed = IpcBusCommand.Parse(["pub", "x", payload]);
        Assert.Same(parsed.CommandResult.Command.Action, parsed.Action);
        Assert.Equal(payload, parsed.GetValue<string>("payload"));
    }

    [Theory]
    [InlineData("help", "Start one with")]
    [InlineData("help", "143 by SIGTERM")]
    [InlineData("help pub", "ipcbus pub <topic>")]
    [InlineData("request --help", "Default: 5s")]
    public async Task Help_is_told(string line, string text)
    {
        await using var tool = ToolProcess.StartIpcBus(line.Split(' '));
        Assert.Equal((0, ""), (await tool.ExitAsync(), tool.Errors.Text));
        Assert.Contains(text, tool.Output.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help >/dev/full")]
    [InlineData("--version >/dev/full")]
    [InlineData("completion bash >/dev/full")]
    [InlineData("pub --help >&-")]
    [InlineData("completion bash >&-")]
    public async Task Output_that_cannot_be_written_is_told_in_a_line(string line)
    {
        await using var shell = ToolProcess.Start("/bin/sh", ["-c", $"exec '{ToolProcess.IpcBus}' {line}"]);
        Assert.Equal(1, await shell.ExitAsync());
        Assert.StartsWith("ipcbus: stdout cannot be written to", Assert.Single(shell.Errors.Lines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pub a --nope", "--nope")]
    [InlineData("sub a --nope", "--nope")]
    [InlineData("pub a -x", "-x")]
    [InlineData("pub a -5", null)]
    [InlineData("pub a -", null)]
    [InlineData("pub a -- --nope", null)]
    public void A_mistyped_option_is_not_taken_for_an_argument(string line, string? unknown) =>
        Assert.Equal(unknown, UsageErrors.UnknownOption(IpcBusCommand.Parse(line.Split(' '))));

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("2s", 2000)]
    [InlineData("1.5", 1500)]
    [InlineData("1m", 60_000)]
    [InlineData("24h", 86_400_000)]
    public void Times_have_units(string text, int milliseconds)
    {
        var parsed = IpcBusCommand.Parse(["request", "a", "x", "--timeout", text]);
        Assert.Empty(parsed.Errors);
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), parsed.GetValue<TimeSpan?>("--timeout"));
    }

    [Theory]
    [InlineData("1048576", 1048576)]
    [InlineData("64KiB", 65536)]
    [InlineData("1.5mib", 1572864)]
    [InlineData("2GiB", 1L << 31)]
    [InlineData("7B", 7)]
    [InlineData("0.3B", -1L)]
    [InlineData("-1", -1L)]
    [InlineData("KiB", -1L)]
    [InlineData("99999999999999999999GiB", -1L)]
    public void Sizes_have_units(string text, long bytes) =>
        Assert.Equal(bytes, ByteSize.TryParse(text, out var parsed) ? parsed : -1);

    [Theory]
    [InlineData("serve --max-payload 16MiB", 32L << 20, null)]
    [InlineData("serve --max-payload 1MiB", 16L << 20, null)]
    [InlineData("serve --max-payload 8MiB --max-pending 1MiB", 0, "--max-pending 1MiB is too small: 16MiB or more")]
    public void Limits_have_to_go_together(string line, long pending, string? error)
    {
        var limits = new LimitOptions();
        var command = new System.CommandLine.Command("serve");
        foreach (var option in limits.All) command.Options.Add(option);
        var parsed = command.Parse(line["serve ".Length..]);
        if (error is null) Assert.Equal(pending, limits.Read(parsed).MaxPending);
        else Assert.StartsWith(error, Assert.Throws<Bus.Cli.Execution.UsageException>(() => limits.Read(parsed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_command_line_exits_with_2_and_points_to_the_help()
    {
        await using var tool = ToolProcess.StartIpcBus("pub", "a..b", "x");
        Assert.Equal(2, await tool.ExitAsync());
        Assert.Equal("", tool.Output.Text);
        Assert.Contains("Try 'ipcbus pub --help'.", tool.Errors.Text, StringComparison.Ordinal);

        await using var below = ToolProcess.StartIpcBus("topics", "create", "a..b");
        Assert.Equal(2, await below.ExitAsync());
        Assert.Contains("Try 'ipcbus topics create --help'.", below.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_listening_is_told_with_the_address_and_without_a_stack_trace()
    {
        var url = $"unix://{Path.Combine(Path.GetTempPath(), $"ipcbus-nobody-{Guid.NewGuid():N}.sock")}";
        await using var tool = ToolProcess.StartIpcBus("pub", "a", "x", "--url", url);
        Assert.Equal(1, await tool.ExitAsync());
        Assert.Contains(url["unix://".Length..], tool.Errors.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", tool.Errors.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pub a..b x 2>&-", 2)]
    [InlineData("ping --url unix:///nobody/there.sock 2>/dev/full", 1)]
    public async Task An_error_that_cannot_be_written_still_gives_its_exit_code(string line, int code)
    {
        await using var shell = ToolProcess.Start("/bin/sh", ["-c", $"exec '{ToolProcess.IpcBus}' {line}"]);
        Assert.Equal(code, await shell.ExitAsync());
    }

    [Fact]
    public async Task A_wrong_IPCBUS_URL_is_a_usage_error()
    {
        await using var tool = ToolProcess.Start(ToolProcess.IpcBus, ["ping"], new Dictionary<string, string> { ["IPCBUS_URL"] = "ftp://nonsense" });
        Assert.Equal(2, await tool.ExitAsync());
        Assert.Contains("IPCBUS_URL", tool.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Completion_suggests_commands_and_hides_the_hidden_one()
    {
        await using var tool = ToolProcess.StartIpcBus("[suggest:7]", "ipcbus ");
        Assert.Equal(0, await tool.ExitAsync());
        Assert.Contains("serve", tool.Output.Lines);
        Assert.DoesNotContain("demo-worker", tool.Output.Lines);
    }

    [Fact]
    public async Task Completion_in_bash_takes_what_begins_with_the_word()
    {
        var line = $"PATH='{AppContext.BaseDirectory}':$PATH; eval \"$(ipcbus completion bash)\"; COMP_LINE='ipcbus inf' COMP_POINT=10 COMP_CWORD=1; COMP_WORDS=(ipcbus inf); _ipcbus; echo \"${{COMPREPLY[*]}}\"";
        await using var shell = ToolProcess.Start("bash", ["-c", line]);
        Assert.Equal((0, "info\n"), (await shell.ExitAsync(), shell.Output.Text));
    }
}
