using System.Text.Json;
using Bus.Core.Presence;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Connections;

/// <summary>Who a connection is, as bytes.</summary>
public sealed class ParticipantTests : IAsyncLifetime
{
    private readonly TestBus _bus = new();

    public Task InitializeAsync() => _bus.StartAsync();

    public Task DisposeAsync() => _bus.DisposeAsync().AsTask();

    [Fact]
    public async Task A_plain_client_is_called_by_the_number_that_INFO_gave_it_and_its_name_is_a_label()
    {
        using var first = await _bus.ConnectAsync(Connect("""{"name":"app","lang":"python","headers":true,"no_responders":true,"verbose":false}"""));
        using var second = await _bus.ConnectAsync(Connect("""{"name":"app","headers":true,"verbose":false}"""));

        var clients = _bus.Environment.Roster.All();

        Assert.Equal([$"client-{IdOf(first)}", $"client-{IdOf(second)}"], clients.Select(c => c.Name));
        Assert.All(clients, c => Assert.Equal("app", c.Program));
        Assert.Equal("", await first.FlushAsync($"SUB $BUS.TO.client-{IdOf(first)}.> 1\r\n"));
        Assert.Contains("Permissions Violation", await first.FlushAsync($"SUB $BUS.TO.client-{IdOf(second)}.> 2\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plain_client_may_be_given_a_name_and_has_the_default_when_that_cannot_be_one()
    {
        var names = new Queue<Func<string>>([() => "guest", () => "guest", () => "no name", () => throw new InvalidOperationException("out of names")]);
        await using var bus = new TestBus { Options = new() { GenerateName = _ => names.Dequeue()() } };
        await bus.StartAsync();
        var clients = new List<RawClient>();
        foreach (var _ in Enumerable.Range(0, 4)) clients.Add(await bus.ConnectAsync(Connect("""{"name":"app","headers":true,"verbose":false}""")));

        var called = bus.Environment.Roster.All().Select(c => c.Name).ToList();

        Assert.Equal(4, called.Count);
        Assert.Contains("guest", called);
        Assert.Contains(called, name => name.StartsWith($"client-{IdOf(clients[1])}-", StringComparison.Ordinal));
        Assert.Contains($"client-{IdOf(clients[2])}", called);
        Assert.Contains($"client-{IdOf(clients[3])}", called);
        foreach (var client in clients) client.Dispose();
    }

    [Theory]
    [InlineData(BusScheme.Unix)]
    [InlineData(BusScheme.Pipe)]
    public async Task The_kernel_says_who_is_behind_a_unix_socket_or_a_pipe_whatever_the_client_says(BusScheme scheme)
    {
        if (!OperatingSystem.IsLinux()) return;
        var endpoint = scheme == BusScheme.Unix ? _bus.Unix : _bus.Pipe;
        using var client = await RawClient.ConnectAsync(endpoint, Connect("""{"name":"liar","headers":true,"verbose":false,"bus":{"id":"1","unique":true,"pid":1,"program":"p"}}"""));

        var liar = _bus.Environment.Roster.Find("liar")!.Info;

        Assert.Equal(Environment.ProcessId, liar.Pid);
        Assert.NotNull(liar.Uid);
        Assert.Equal(endpoint.ToString(), liar.Endpoint);
    }

    [Fact]
    public async Task Over_TCP_nothing_is_known_but_what_the_client_says()
    {
        using var client = await RawClient.ConnectAsync(_bus.Tcp, Connect("""{"name":"far","headers":true,"verbose":false,"bus":{"id":"1","unique":true,"pid":4711}}"""));

        var far = _bus.Environment.Roster.Find("far")!.Info;

        Assert.Equal((4711, null), (far.Pid, far.Uid));
    }

    [Fact]
    public async Task Nothing_is_published_for_one_whose_name_is_refused()
    {
        using var holder = await _bus.ConnectAsync(Connect("""{"name":"a","headers":true,"verbose":false,"bus":{"id":"1","unique":true}}"""));
        await holder.FlushAsync("SUB > 1\r\n");
        using var refused = await _bus.ConnectAsync("");
        await refused.TrySendAsync(Connect("""{"name":"a","headers":true,"verbose":false,"bus":{"id":"2","unique":true}}""") + "\r\nSUB x 1\r\nPUB x 2\r\nhi\r\nPING\r\n");

        var said = await refused.ReadToEndAsync();

        Assert.StartsWith("-ERR 'Client Name Taken: a is ", said, StringComparison.Ordinal);
        Assert.DoesNotContain("MSG", said, StringComparison.Ordinal);
        Assert.Equal("", await holder.FlushAsync());
    }

    [Fact]
    public async Task The_same_id_gets_its_name_back_while_its_old_connection_still_seems_to_live()
    {
        using var old = await _bus.ConnectAsync(Connect("""{"name":"a","headers":true,"verbose":false,"bus":{"id":"1","unique":true}}"""));
        using var renewed = await _bus.ConnectAsync(Connect("""{"name":"a","headers":true,"verbose":false,"bus":{"id":"1","unique":true}}"""));

        Assert.StartsWith("-ERR 'Client Name Taken Over: a is ", await old.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal("", await renewed.FlushAsync());
        Assert.Single(_bus.Environment.Roster.All());
    }

    [Theory]
    [InlineData("a.b")]
    [InlineData("")]
    [InlineData("*")]
    public async Task A_name_that_is_none_is_refused(string name)
    {
        using var client = await _bus.ConnectAsync("");
        await client.SendAsync(Connect($$$"""{"name":"{{{name}}}","bus":{"id":"1","unique":true}}""") + "\r\n");

        Assert.EndsWith("-ERR 'Invalid Client Name'\r\n", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_client_says_of_itself_cannot_break_a_line()
    {
        using var first = await _bus.ConnectAsync(Connect("""{"name":"a","headers":true,"verbose":false,"bus":{"id":"1","unique":true,"program":"x\r\n-ERR 'y'"}}"""));
        using var second = await _bus.ConnectAsync("");
        await second.SendAsync(Connect("""{"name":"a","headers":true,"verbose":false,"bus":{"id":"2","unique":true}}""") + "\r\n");

        var said = await second.ReadToEndAsync();

        Assert.Contains("(x-ERR y)", said, StringComparison.Ordinal);
        Assert.Single(said.Split("\r\n", StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task A_plain_client_can_ask_who_is_here()
    {
        using var client = await _bus.ConnectAsync();

        var answer = await client.FlushAsync("SUB _INBOX.1 1\r\n") + await client.FlushAsync("PUB $BUS.CLIENTS _INBOX.1 0\r\n\r\n") + await client.TakeUntilAsync("]}");

        var list = JsonSerializer.Deserialize(answer[answer.IndexOf('{', StringComparison.Ordinal)..] + "]}", PresenceJson.Default.ParticipantList)!;
        Assert.Equal([$"client-{IdOf(client)}"], list.Clients.Select(c => c.Name));
    }

    private static string Connect(string json) => $"CONNECT {json}";

    private static long IdOf(RawClient client)
    {
        using var info = JsonDocument.Parse(client.Greeting["INFO ".Length..]);
        return info.RootElement.GetProperty("client_id").GetInt64();
    }
}
