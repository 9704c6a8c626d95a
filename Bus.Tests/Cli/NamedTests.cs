using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.Cli;

[Collection(nameof(CliCollection))]
public sealed class NamedTests(BusDaemon daemon)
{
    [Fact]
    public async Task Send_and_broadcast_reach_the_inboxes_of_other_processes()
    {
        await using var first = await InboxAsync("cli-first", "--count", "3");
        await using var second = await InboxAsync("cli-second", "--count", "1");

        Assert.Equal((0, ""), await RunAsync("send", "cli-first", "hello"));
        Assert.Equal((0, ""), await RunAsync("send", "cli-first", "about", "--topic", "jobs.new"));
        Assert.Equal((0, ""), await RunAsync("broadcast", "cli.news", "to all", "--except", "cli-second"));
        Assert.Equal((0, ""), await RunAsync("broadcast", "cli.news", "to the second", "--except", "cli-first"));

        Assert.Equal(0, await first.ExitAsync());
        Assert.Equal(0, await second.ExitAsync());
        foreach (var expected in new[] { "hello", "$BUS.TO.cli-first.jobs.new", "about", "$BUS.ALL.cli.news", "to all" }) Assert.Contains(expected, first.Output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("to the second", first.Output.Text, StringComparison.Ordinal);
        Assert.Contains("to the second", second.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sending_to_nobody_exits_with_3_and_says_so()
    {
        var (code, errors) = await RunAsync("send", "cli-nobody", "hello");

        Assert.Equal(3, code);
        Assert.DoesNotContain("$BUS", errors, StringComparison.Ordinal);
        Assert.Contains("Nobody on the bus is called 'cli-nobody'", errors, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("send", "no.name", "hello")).Code);
    }

    [Fact]
    public async Task Deliver_waits_until_the_inbox_of_another_process_has_printed_the_message()
    {
        await using var inbox = await InboxAsync("cli-handler", "--json");

        Assert.Equal((0, ""), await RunAsync("deliver", "cli-handler", "hello", "--topic", "jobs.new"));

        Assert.Contains("$BUS.TO.cli-handler.jobs.new", await inbox.Output.WaitForAsync("hello"), StringComparison.Ordinal);
        Assert.Equal(3, (await RunAsync("deliver", "cli-nobody", "hello")).Code);
        Assert.Equal(2, (await RunAsync("deliver", "no.name", "hello")).Code);
    }

    [Fact]
    public async Task Deliver_prints_the_result_of_the_handler_or_its_error()
    {
        await using var handler = await BusClient.ConnectAsync(daemon.Url, new BusClientOptions { Name = "cli-worker" }).Guard();
        await using var inbox = await handler.OpenInboxAsync<string, string>(async (message, token) => message.Data switch
        {
            "slow" => await new TaskCompletionSource<string>().Task.WaitAsync(token),
            "bad" => throw new RemoteErrorException("no such job", 404, "not-found", "line 1\nline 2"),
            _ => message.Data.ToUpperInvariant(),
        }).Guard();

        await using var good = ToolProcess.StartIpcBus("deliver", "cli-worker", "job", "--url", daemon.Url);
        Assert.Equal((0, "JOB\n"), (await good.ExitAsync(), good.Output.Text));
        await using var json = ToolProcess.StartIpcBus("deliver", "cli-worker", "job", "--json", "--url", daemon.Url);
        Assert.Equal((0, """{"client":"cli-worker","payload":"JOB"}""" + "\n"), (await json.ExitAsync(), json.Output.Text));
        var (code, errors) = await RunAsync("deliver", "cli-worker", "bad");
        Assert.Equal(1, code);
        Assert.EndsWith($"ipcbus: 'cli-worker' answered with error 404 (not-found): no such job{Environment.NewLine}  line 1{Environment.NewLine}  line 2{Environment.NewLine}", errors, StringComparison.Ordinal);
        (code, errors) = await RunAsync("deliver", "cli-worker", "slow", "--timeout", "3s");
        Assert.Equal(4, code);
        Assert.StartsWith("ipcbus: No reply to the message to 'cli-worker' came within 3 s.", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_refused_to_a_second_process_and_given_to_it_when_it_takes_it_over()
    {
        await using var holder = await InboxAsync("cli-holder");
        await using var refused = ToolProcess.StartIpcBus("inbox", "cli-holder", "--url", daemon.Url);
        Assert.Equal(1, await refused.ExitAsync());
        Assert.Contains($"The name 'cli-holder' is taken on the bus at {daemon.Url}: cli-holder is process {holder.Id} (ipcbus inbox)", refused.Errors.Text, StringComparison.Ordinal);
        Assert.Contains("Choose another, or give --take-over", refused.Errors.Text, StringComparison.Ordinal);

        await using var successor = await InboxAsync("cli-holder", "--take-over", "--count", "1");
        Assert.Equal(1, await holder.ExitAsync());
        Assert.Equal((0, ""), await RunAsync("send", "cli-holder", "hello"));
        Assert.Equal(0, await successor.ExitAsync());
        Assert.Contains("hello", successor.Output.Text, StringComparison.Ordinal);
    }

    private async Task<ToolProcess> InboxAsync(string name, params string[] arguments)
    {
        var process = ToolProcess.StartIpcBus(["inbox", name, .. arguments, "--url", daemon.Url]);
        await process.Errors.WaitForAsync("subscribed");
        return process;
    }

    private async Task<(int Code, string Errors)> RunAsync(params string[] arguments)
    {
        await using var process = ToolProcess.StartIpcBus([.. arguments, "--url", daemon.Url]);
        return (await process.ExitAsync(), process.Errors.Text);
    }
}
