using Bus.Tests.Interop.Tools;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>The program of examples/pomodoro, run as a user would run it: one server, many clients.</summary>
public sealed class PomodoroExampleTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-pomodoro-");

    private static string Program => Path.Combine(AppContext.BaseDirectory, "Pomodoro");

    private string StateFile => Path.Combine(_directory.FullName, "pomodoro.json");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task Killed_in_the_middle_the_server_comes_back_with_todos_log_and_timer_and_a_watch_goes_on()
    {
        var server = await ServeAsync("--work", "3h");
        await using var killed = server;
        Assert.Equal("  1 [ ] write the report", await DoneAsync("todo", "add", "write", "the report"));
        Assert.Equal("  2 [ ] call Ada", await DoneAsync("todo", "add", "call Ada"));
        Assert.Equal("  1 [x] write the report", await DoneAsync("todo", "done", "1"));
        Assert.Equal("work 180:00 runs, for todo 2", await DoneAsync("start", "2"));
        Assert.StartsWith("break 05:00 waits", await DoneAsync("skip"), StringComparison.Ordinal);
        Assert.StartsWith("break 05:00 runs", await DoneAsync("start"), StringComparison.Ordinal);
        await DoneAsync("stop");
        await DoneAsync("start");

        await using var watch = Start("watch");
        await watch.Output.WaitForAsync("work");
        await using var tui = Start("tui");
        await tui.Output.WaitForAsync("call Ada");

        await server.SignalAsync("KILL");
        await watch.Errors.WaitForAsync("the server is away");
        await tui.Output.WaitForAsync("The server is away");
        var (code, _, errors) = await RunAsync("todo", "list");
        Assert.Equal(1, code);
        Assert.Contains("Is the server running (pomodoro serve)?", errors, StringComparison.Ordinal);
        // What a write that was cut off leaves behind.
        await File.WriteAllTextAsync(StateFile + ".new", "{\"todos\":[{\"id\":");

        await using var next = await ServeAsync("--work", "2h");
        await watch.Errors.WaitForAsync("the server is back");
        Assert.Equal("  1 [x] write the report\n  2 [ ] call Ada", await DoneAsync("todo", "list"));
        var log = (await DoneAsync("log")).Split('\n');
        Assert.Equal(2, log.Length);
        Assert.EndsWith("broken off, todo 2", log[0], StringComparison.Ordinal);
        Assert.Contains("break", log[1], StringComparison.Ordinal);
        // The session that ran goes on by the clock; the next one has the new length.
        Assert.Contains("runs", await DoneAsync("status"), StringComparison.Ordinal);
        Assert.Equal("work 120:00 waits", await DoneAsync("stop"));
        await watch.Output.WaitForAsync("work 120:00 waits");
        Assert.Equal("  3 [ ] after the crash", await DoneAsync("todo", "add", "after the crash"));
        await tui.Output.WaitForAsync("after the crash");
        Assert.Contains("Sessions completed", await DoneAsync("stats"), StringComparison.Ordinal);

        Assert.Equal(0, await EndAsync(watch));
        Assert.Equal(0, await EndAsync(tui));
        Assert.Equal((0, ""), (await EndAsync(next), next.Errors.Text));
    }

    [ToolFact("script")]
    public async Task The_terminal_UI_obeys_its_keys_also_after_the_server_was_killed()
    {
        await using var server = await ServeAsync();
        await DoneAsync("todo", "add", "one");
        await DoneAsync("todo", "add", "two");
        // A terminal of its own, to which our input are keys.
        await using var tui = StartProgram(Tool.Require("script", "install util-linux"), "-qefc", $"stty rows 24 cols 120; exec '{Program}' tui", "/dev/null");
        await tui.Output.WaitForAsync(">  1 [ ] one");
        await tui.WriteAsync("athree\r");
        await tui.Output.WaitForAsync("   3 [ ] three");
        await tui.WriteAsync("\u001b[B");
        await tui.Output.WaitForAsync(">  2 [ ] two");
        await tui.WriteAsync("d");
        await tui.Output.WaitForAsync(">  2 [x] two");
        await tui.WriteAsync(" ");
        await tui.Output.WaitForAsync("work 25:00 runs");

        await server.SignalAsync("KILL");
        await tui.Output.WaitForAsync("The server is away");
        await using var next = await ServeAsync();
        // It is there when the UI hears of it.
        await DoneAsync("todo", "add", "four");
        await tui.Output.WaitForAsync("   4 [ ] four");
        await tui.WriteAsync("n");
        await tui.Output.WaitForAsync("break 05:00 waits");
        await tui.WriteAsync("q");
        Assert.Equal(0, await tui.ExitAsync());
        Assert.Equal("break 05:00 waits", await DoneAsync("status"));
    }

    [Fact]
    public async Task The_end_of_a_session_is_an_alarm_for_everybody_and_stands_in_the_log()
    {
        await using var watch = Start("watch");
        await using var server = await ServeAsync("--work", "1s");
        // The bus keeps the last state of the timer, so this one waits in any case.
        await watch.Output.WaitForAsync("work 00:01 waits");
        await using var other = Start("watch");
        await other.Output.WaitForAsync("work 00:01 waits");

        await DoneAsync("start");
        await watch.Output.WaitForAsync("alarm: work is over");
        await other.Output.WaitForAsync("alarm: work is over");
        await other.Output.WaitForAsync("break 05:00 waits");
        Assert.EndsWith("00:01 complete", await DoneAsync("log"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_are_told_and_a_second_server_is_refused()
    {
        await using var server = await ServeAsync();
        Assert.Equal((1, "", "pomodoro: There is no todo 7.\n"), await RunAsync("todo", "done", "7"));
        Assert.Equal((1, "", "pomodoro: The timer does not run.\n"), await RunAsync("pause"));
        Assert.Equal((1, "", "pomodoro: There is no todo 7.\n"), await RunAsync("start", "7"));

        var (code, _, errors) = await RunAsync("serve", "--data", StateFile);
        Assert.Equal(1, code);
        Assert.Contains("the address is in use", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_left_alone()
    {
        await File.WriteAllTextAsync(StateFile, "not JSON");
        var (code, _, errors) = await RunAsync("serve", "--data", StateFile);
        Assert.Equal(1, code);
        Assert.Contains($"{StateFile} cannot be read", errors, StringComparison.Ordinal);
        Assert.Equal("not JSON", await File.ReadAllTextAsync(StateFile));
    }

    private static async Task<int> EndAsync(ToolProcess process)
    {
        await process.SignalAsync("TERM");
        return await process.ExitAsync();
    }

    private async Task<ToolProcess> ServeAsync(params string[] options)
    {
        var server = Start(["serve", "--data", StateFile, .. options]);
        await server.Output.WaitForAsync("pomodoro: ready");
        return server;
    }

    private ToolProcess Start(params string[] arguments) => StartProgram(Program, arguments);

    private ToolProcess StartProgram(string program, params string[] arguments) =>
        ToolProcess.Start(program, arguments, new Dictionary<string, string> { ["IPCBUS_DIR"] = _directory.FullName, ["TERM"] = "xterm" });

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        return (await process.ExitAsync(), process.Output.Text, process.Errors.Text);
    }

    private async Task<string> DoneAsync(params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(arguments);
        Assert.Equal((0, ""), (code, errors));
        return output.TrimEnd('\n');
    }
}
