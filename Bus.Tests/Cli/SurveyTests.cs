using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

[Collection(nameof(CliCollection))]
public sealed class SurveyTests(BusDaemon daemon)
{
    [Fact]
    public async Task Everybody_is_asked_and_whoever_freezes_is_missing()
    {
        await using var one = await StartAsync("reply", "cli.survey", "--exec", "echo one");
        await using var two = await StartAsync("reply", "cli.*", "--exec", "echo two");

        await using var all = ToolProcess.StartIpcBus("survey", "cli.survey", "?", "--timeout", "1m", "--url", daemon.Url);
        Assert.Equal((0, "ipcbus: 2 of 2 answered\n"), (await all.ExitAsync(), all.Errors.Text));
        Assert.Equal(["one", "two"], all.Output.Lines.Order(StringComparer.Ordinal));

        await two.SignalAsync("STOP");

        await using var some = ToolProcess.StartIpcBus("survey", "cli.survey", "?", "--timeout", "5s", "--url", daemon.Url);
        Assert.Equal((4, "ipcbus: 1 of 2 answered within 5 s; the others have the question, but were too slow or do not answer\n"), (await some.ExitAsync(), some.Errors.Text));
        Assert.Equal(["one"], some.Output.Lines);
        await using var first = ToolProcess.StartIpcBus("survey", "cli.survey", "?", "--count", "1", "--quiet", "--json", "--timeout", "1m", "--url", daemon.Url);
        Assert.Equal((0, ""), (await first.ExitAsync(), first.Errors.Text));
        Assert.Equal("""{"topic":"cli.survey","payload":"one\n"}""", Assert.Single(first.Output.Lines));
    }

    [Fact]
    public async Task That_nobody_subscribes_has_an_exit_code_of_its_own()
    {
        await using var survey = ToolProcess.StartIpcBus("survey", "cli.nobody", "?", "--timeout", "1m", "--url", daemon.Url);
        Assert.Equal((3, "ipcbus: nobody was asked: nobody subscribes to 'cli.nobody'\n"), (await survey.ExitAsync(), survey.Errors.Text));
    }

    private async Task<ToolProcess> StartAsync(params string[] arguments)
    {
        var process = ToolProcess.StartIpcBus([.. arguments, "--url", daemon.Url]);
        await process.Errors.WaitForAsync("replying on");
        return process;
    }
}
