using System.Text;
using Bus.Cli.Commands;
using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

[Collection(nameof(CliCollection))]
public sealed class RetainedTests(BusDaemon daemon)
{
    [Theory]
    [InlineData("on", "on")]
    [InlineData("on\n", "on")]
    [InlineData("", "")]
    [InlineData("a\tb\n\x1b[31m", @"a	b\n\x1b[31m")]
    [InlineData("äöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöü", "äöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöüäöü")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890", "012345678901234567890123456789012345678901234567890123456789...")]
    public void The_begin_of_a_value_is_shown_in_a_line(string value, string shown) => Assert.Equal(shown, RetainedPrinter.Preview(Encoding.UTF8.GetBytes(value)));

    [Fact]
    public void Of_a_value_that_is_no_text_the_size_is_shown() => Assert.Equal("(2 bytes, no text)", RetainedPrinter.Preview([0xff, 0xfe]));

    [Fact]
    public void No_character_is_cut_in_two()
    {
        var shown = RetainedPrinter.Preview(Encoding.UTF8.GetBytes("x" + string.Concat(Enumerable.Repeat("😀", 100))));
        Assert.Equal("x" + string.Concat(Enumerable.Repeat("😀", 29)) + "...", shown);
    }

    [Fact]
    public async Task Values_are_shown_whole_as_JSON_and_in_short_for_people()
    {
        Assert.Equal((0, "", ""), await RunAsync("pub", "cli.kept.a", "on", "--retain"));
        Assert.Equal((0, "", ""), await RunAsync("pub", "cli.kept.b", new string('x', 100), "--retain"));

        var (code, output, errors) = await RunAsync("retained", "cli.kept.*");
        Assert.Equal((0, ""), (code, errors));
        var lines = output.Split('\n');
        Assert.Matches("^TOPIC +BYTES +SINCE +VALUE$", lines[0]);
        Assert.Matches(@"^cli\.kept\.a +2 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +on$", lines[1]);
        Assert.Matches(@"^cli\.kept\.b +100 .* x{60}\.\.\.$", lines[2]);
        Assert.StartsWith("2 values with ", lines[3], StringComparison.Ordinal);

        (code, output, errors) = await RunAsync("retained", "cli.kept.b", "--json");
        Assert.Equal((0, ""), (code, errors));
        Assert.Matches($"^{{\"topic\":\"cli\\.kept\\.b\",\"headers\":{{\"Bus-Retained\":\\[\"[^\"]+\"\\]}},\"payload\":\"{new string('x', 100)}\"}}\n$", output);

        Assert.Equal((0, "", ""), await RunAsync("retained", "cli.kept.a", "--clear"));
        (code, output, errors) = await RunAsync("retained", "cli.kept.a", "--clear");
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("ipcbus: nothing is retained for 'cli.kept.a'", errors, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        await using var tool = ToolProcess.StartIpcBus([.. arguments, "--url", daemon.Url]);
        return (await tool.ExitAsync(), tool.Output.Text, tool.Errors.Text);
    }
}
