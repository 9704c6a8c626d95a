using System.Threading.Channels;
using Bus.Core.Client;
using Bus.Core.Presence;
using Bus.Tests.Processes;
using Bus.Tests.Transport.Connections;
using Bus.Transport.Client;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Client;

/// <summary>A bus that asks who its clients are.</summary>
public abstract class AuthenticateTests<TBus> : IAsyncLifetime
    where TBus : RestartingBus, new()
{
    private const string Secret = "s3cret-and-never-in-a-log";

    private readonly Channel<ConnectRequest> _asked = Channel.CreateUnbounded<ConnectRequest>();
    private readonly LogLines _log = new();
    private Func<ConnectRequest, CancellationToken, ValueTask<ConnectDecision>> _hook = (_, _) => ValueTask.FromResult(ConnectDecision.Allow);
    private readonly TBus _bus = new();

    private BusEndpoint Endpoint => _bus.Endpoint;

    public Task InitializeAsync() => StartAsync(new ConnectionOptions());

    public async Task DisposeAsync()
    {
        await _bus.DisposeAsync();
        Assert.DoesNotContain(Secret, _log.All, StringComparison.Ordinal);
        _log.Dispose();
    }

    [Fact]
    public async Task The_hook_gets_who_it_is_and_what_it_says_and_lets_it_in()
    {
        await using var bus = await BusClient.ConnectAsync(Endpoint, new BusClientOptions { Name = "shop", User = "u", Password = Secret, Token = "t", ConnectPayload = "{\"build\":7}" }).Guard();

        var request = await _asked.Reader.ReadAsync().AsTask().Guard();
        Assert.Equal(("shop", "u", Secret, "t", "{\"build\":7}"), (request.Client.Name, request.User, request.Password, request.Token, request.Payload));
        Assert.Equal((Environment.ProcessId, Endpoint.ToString()), (request.Client.Pid, request.Client.Endpoint));
        Assert.DoesNotContain(Secret, request.ToString(), StringComparison.Ordinal);
        Assert.Contains(await bus.GetClientsAsync().Guard(), client => client.Name == "shop");
    }

    [Fact]
    public async Task Whoever_is_refused_hears_why_and_does_not_try_again()
    {
        var problems = Channel.CreateUnbounded<ConnectionProblem>();
        _bus.Node.ConnectionFailed += (_, failed) => problems.Writer.TryWrite(failed.Problem);
        _hook = (_, _) => ValueTask.FromResult(ConnectDecision.Refuse("the 'shop'\r\nis closed"));

        // It would wait for ever for a bus that is not there.
        var options = new BusClientOptions { Name = "late", Token = Secret, WaitForBus = Timeout.InfiniteTimeSpan };
        var refused = await Assert.ThrowsAsync<BusRefusedException>(() => BusClient.ConnectAsync(Endpoint, options).Guard());

        Assert.Contains("the shopis closed", refused.Message, StringComparison.Ordinal);
        var problem = await problems.Reader.ReadAsync().AsTask().Guard();
        Assert.Equal((ConnectionProblemKind.NotAuthorized, "late", "Authorization Violation: the shopis closed"), (problem.Kind, problem.Client?.Name, problem.Text));
        Assert.DoesNotContain(await _bus.Node.Bus.GetClientsAsync().Guard(), client => client.Name == "late");

        await using var opened = BusClient.Open(Endpoint, options);
        await Eventually.HoldsAsync(() => opened.State == BusState.Closed, () => $"It is {opened.State}.");
    }

    [Fact]
    public async Task A_plain_client_is_told_in_the_words_that_it_knows()
    {
        _hook = (request, _) => ValueTask.FromResult(request is { User: "u", Password: Secret } ? ConnectDecision.Allow : ConnectDecision.Refuse("no"));
        using var refused = await RawClient.ConnectAsync(Endpoint, "");
        Assert.Contains("\"auth_required\":true", refused.Greeting, StringComparison.Ordinal);
        await refused.TrySendAsync("CONNECT {\"user\":\"u\",\"pass\":\"wrong\"}\r\nPING\r\n");
        Assert.Equal("-ERR 'Authorization Violation'\r\n", await refused.ReadToEndAsync());

        using var allowed = await RawClient.ConnectAsync(Endpoint, $$"""CONNECT {"user":"u","pass":"{{Secret}}","verbose":false}""");
        Assert.Equal("", await allowed.FlushAsync());
        using var verbose = await RawClient.ConnectAsync(Endpoint, "");
        Assert.Equal("+OK\r\n", await verbose.FlushAsync($$"""CONNECT {"user":"u","pass":"{{Secret}}"}""" + "\r\n"));
    }

    [Theory]
    [InlineData("PING\r\n")]
    [InlineData("PUB a 2\r\nhi\r\n")]
    [InlineData("SUB a 1\r\n")]
    public async Task Nothing_goes_before_CONNECT(string first)
    {
        await using var subscription = await _bus.Node.Bus.OpenSubscriptionAsync<string>("a");
        using var client = await RawClient.ConnectAsync(Endpoint, "");
        await client.TrySendAsync(first);
        Assert.Equal("-ERR 'Authorization Violation'\r\n", await client.ReadToEndAsync());
        await _bus.Node.Bus.PublishAsync("a", "the first");
        Assert.Equal(["the first"], await subscription.TakeDataAsync(1));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nothing_that_comes_behind_CONNECT_takes_effect_before_the_answer(bool allow)
    {
        var answer = new TaskCompletionSource<ConnectDecision>(TaskCreationOptions.RunContinuationsAsynchronously);
        _hook = (_, _) => new ValueTask<ConnectDecision>(answer.Task);
        var bus = _bus.Node.Bus;
        await using var subscription = await bus.OpenSubscriptionAsync<string>("a");
        await bus.PublishAsync("kept", "x", new PublishOptions { Retain = true });
        using var client = await RawClient.ConnectAsync(Endpoint, "");
        await client.SendAsync("CONNECT {\"verbose\":false,\"headers\":true}\r\nSUB kept 1\r\nSUB b 2\r\nPUB a 6\r\nclient\r\nPING\r\n");
        await _asked.Reader.ReadAsync().AsTask().Guard();
        Assert.Equal(0, (await bus.PublishConfirmedAsync("b", "too early").Guard()).Reached);
        await bus.PublishAsync("a", "the first");
        Assert.Equal(["the first"], await subscription.TakeDataAsync(1));

        answer.SetResult(allow ? ConnectDecision.Allow : ConnectDecision.Refuse("no"));

        if (allow)
        {
            Assert.Contains("HMSG kept 1 ", await client.TakeUntilAsync("PONG\r\n"), StringComparison.Ordinal);
            Assert.Equal(["client"], await subscription.TakeDataAsync(1));
            Assert.Equal(1, (await bus.PublishConfirmedAsync("b", "now").Guard()).Reached);
        }
        else
        {
            Assert.Equal("-ERR 'Authorization Violation'\r\n", await client.ReadToEndAsync());
            await bus.PublishAsync("a", "the second");
            Assert.Equal(["the second"], await subscription.TakeDataAsync(1));
        }
    }

    [Fact]
    public async Task A_hook_that_throws_lets_nobody_in_for_now()
    {
        var fails = true;
        _hook = (_, _) => fails ? throw new InvalidOperationException("my hook") : ValueTask.FromResult(ConnectDecision.Allow);
        using var plain = await RawClient.ConnectAsync(Endpoint, "");
        await plain.TrySendAsync("CONNECT {}\r\n");
        Assert.Equal("-ERR 'Authorization Violation'\r\n", await plain.ReadToEndAsync());
        Assert.Contains("Authentication Failed", (await Assert.ThrowsAsync<BusConnectException>(() => BusClient.ConnectAsync(Endpoint).Guard())).Message, StringComparison.Ordinal);
        await _log.WithAsync("the check of who it is failed").Guard();

        await using var patient = BusClient.Open(Endpoint, new BusClientOptions { ReconnectMinDelay = TimeSpan.FromMilliseconds(1) });
        var connected = patient.NextAsync(BusState.Connected);
        Volatile.Write(ref fails, false);
        await connected;
    }

    [Fact]
    public async Task A_hook_that_takes_too_long_is_cancelled_and_lets_nobody_in()
    {
        await _bus.StopAsync();
        await StartAsync(new ConnectionOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _hook = async (_, token) =>
        {
            token.Register(cancelled.SetResult);
            await cancelled.Task;
            return ConnectDecision.Allow;
        };
        await using var subscription = await _bus.Node.Bus.OpenSubscriptionAsync<string>("a");
        using var client = await RawClient.ConnectAsync(Endpoint, "");
        await client.SendAsync("CONNECT {\"verbose\":false}\r\nPUB a 4\r\nlate\r\nPING\r\n");

        Assert.Equal("-ERR 'Authentication Timeout'\r\n", await client.ReadToEndAsync());
        await cancelled.Task.Guard();
        await _bus.Node.Bus.PublishAsync("a", "the first");
        Assert.Equal(["the first"], await subscription.TakeDataAsync(1));
    }

    [Fact]
    public async Task Whoever_begins_and_does_not_end_CONNECT_is_not_waited_for()
    {
        await _bus.StopAsync();
        await StartAsync(new ConnectionOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        using var client = await RawClient.ConnectAsync(Endpoint, "");
        await client.SendAsync("CONNECT {\"user\":");
        Assert.Equal("-ERR 'Authentication Timeout'\r\n", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task A_client_is_asked_again_when_it_comes_again_and_closed_for_good_when_it_is_not_welcome_any_more()
    {
        await using var bus = await BusClient.ConnectAsync(Endpoint, new BusClientOptions { Name = "shop", Token = Secret, ReconnectMinDelay = TimeSpan.FromMilliseconds(1) }).Guard();
        var closed = bus.NextAsync(BusState.Closed);
        _hook = (request, _) => ValueTask.FromResult(request.Token == Secret ? ConnectDecision.Refuse("not any more") : ConnectDecision.Allow);

        await _bus.StopAsync();
        await StartAsync(new ConnectionOptions());

        Assert.Contains("not any more", Assert.IsType<BusRefusedException>((await closed).Reason).Message, StringComparison.Ordinal);
    }

    private Task StartAsync(ConnectionOptions options) => _bus.StartAsync(options: null, options with { Authenticate = AskAsync }, _log);

    private ValueTask<ConnectDecision> AskAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        _asked.Writer.TryWrite(request);
        return _hook(request, cancellationToken);
    }
}

public sealed class UnixAuthenticateTests : AuthenticateTests<RestartingUnixBus>;

public sealed class TcpAuthenticateTests : AuthenticateTests<RestartingTcpBus>;

public sealed class CredentialsTests
{
    [Fact]
    public void They_have_a_limit_and_are_not_in_the_text_of_the_options()
    {
        var options = new BusClientOptions { User = "u", Password = "secret-1", Token = "secret-2", ConnectPayload = "secret-3" };
        options.Validate();
        Assert.DoesNotContain("secret", $"{options}", StringComparison.Ordinal);
        var error = Assert.Throws<ArgumentException>(() => new BusClientOptions { Token = new string('\u0001', 600) }.Validate());
        Assert.Contains("3,600 bytes", error.Message, StringComparison.Ordinal);
    }
}
