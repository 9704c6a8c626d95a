using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.EndToEnd;

/// <summary>A daemon that asks for a token is killed, and the next one asks for the same or for another.</summary>
public sealed class TokenKillTests : IAsyncLifetime
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-token-");
    private readonly RestartingDaemon _daemon;

    public TokenKillTests()
    {
        Write("daemon", "first");
        Write("client", "first");
        _daemon = new RestartingDaemon("--token-file", PathOf("daemon"));
    }

    public Task InitializeAsync() => _daemon.StartAsync();

    public async Task DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_has_it_comes_back_and_who_has_another_now_is_closed_for_good(bool tcp)
    {
        await using var bus = await BusClient.ConnectAsync(_daemon.Url(tcp), new BusClientOptions { Token = "first", ReconnectMinDelay = TimeSpan.FromMilliseconds(5), ReconnectMaxDelay = TimeSpan.FromMilliseconds(20) }).Guard();
        await using var subscription = await bus.OpenSubscriptionAsync<string>("news").Guard();
        await using var process = ToolProcess.StartIpcBus("sub", "news", "--raw", "--url", _daemon.Url(tcp), "--token-file", PathOf("client"));
        await process.Errors.WaitForAsync("subscribed");
        var back = bus.NextAsync(BusState.Connected);
        await _daemon.KillAsync();
        await _daemon.StartAsync();
        await back;
        await Eventually.HoldsAsync(async () => (await bus.PublishConfirmedAsync("news", "here", timeout: Guarding.Limit).Guard()).Reached == 2, () => "The process does not come back.");
        Assert.Equal(["here"], await subscription.TakeDataAsync(1));

        var (lost, closed) = (bus.NextAsync(BusState.Reconnecting), bus.NextAsync(BusState.Closed));
        await _daemon.KillAsync();
        await lost;
        var waits = bus.RequestMessageAsync<string, string>("anything", "?", new RequestOptions { SafeToRetry = true, Timeout = TimeSpan.FromHours(1) });
        Write("daemon", "second");
        await _daemon.StartAsync();

        Assert.IsType<BusRefusedException>((await closed).Reason);
        await Assert.ThrowsAnyAsync<BusException>(() => waits.Guard());
        Assert.Equal((1, "here"), (await process.ExitAsync(), process.Output.Lines.Distinct().Single()));
        Assert.Contains("it is another one", process.Errors.Text, StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(_directory.FullName, name);

    private void Write(string name, string token) => File.WriteAllText(PathOf(name), token);
}
