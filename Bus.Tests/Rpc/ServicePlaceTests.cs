using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Tests.Transport.Connections;
using Bus.Transport.Client;

namespace Bus.Tests.Rpc;

/// <summary>The places of a service are given back, and nobody can take more of them than there are: calls as hostile clients make them.</summary>
public sealed class ServicePlaceTests : IAsyncLifetime
{
    private readonly TestBus _bus = new();
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IBus _host = null!;
    private RawClient _raw = null!;
    private string _received = "";

    public async Task InitializeAsync()
    {
        await _bus.StartAsync();
        _host = await BusClient.ConnectAsync(_bus.Endpoint).Guard();
        _raw = await _bus.ConnectAsync();
        await _raw.FlushAsync("SUB my.answers.* 1\r\n");
    }

    public async Task DisposeAsync()
    {
        _end.TrySetResult();
        _raw.Dispose();
        await _host.DisposeAsync();
        await _bus.DisposeAsync();
    }

    [Fact]
    public async Task Stopping_answers_what_waits_for_its_turn_behind_a_handler_that_does_not_end()
    {
        var service = await HoldAsync(new ServiceOptions { MaxConcurrency = 1 });
        await CallAsync(1);
        await CallAsync(2);
        await HasAsync(service, running: 1, waiting: 1);

        await service.DisposeAsync().AsTask().Guard();

        await AnswerToAsync(1);
        await AnswerToAsync(2);
    }

    [Fact]
    public async Task What_is_cancelled_or_out_of_time_waits_no_longer()
    {
        await using var service = await HoldAsync(new ServiceOptions { MaxConcurrency = 1, MaxWaiting = 2 });
        await CallAsync(1);
        await HasAsync(service, running: 1, waiting: 0);
        await CallAsync(2, "Bus-Call: second");
        // Its time is up when it comes, or soon after.
        await CallAsync(3, $"Bus-Deadline: {TimeProvider.System.GetUtcNow().AddMilliseconds(50).ToUnixTimeMilliseconds()}");
        await _raw.FlushAsync("PUB $SRV.CANCEL.work 6\r\nsecond\r\n");

        Assert.Contains(BusErrors.Cancelled, await AnswerToAsync(2), StringComparison.Ordinal);
        Assert.Contains(BusErrors.DeadlineExceeded, await AnswerToAsync(3), StringComparison.Ordinal);
        await HasAsync(service, running: 1, waiting: 0);
    }

    [Fact]
    public async Task Who_wants_its_answer_where_there_can_be_none_harms_nobody_else()
    {
        await using var service = await HoldAsync(new ServiceOptions { MaxConcurrency = 1, MaxWaiting = 0 });
        await CallAsync(1);
        await HasAsync(service, running: 1, waiting: 0);
        await _raw.FlushAsync("PUB work.do a..b 1\r\n7\r\nPUB work.do x.* 1\r\n7\r\n");

        await CallAsync(2);
        Assert.Contains(BusErrors.Overloaded, await AnswerToAsync(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_says_that_its_calls_come_from_the_service_gets_no_end_of_places()
    {
        await using var service = await HoldAsync(new ServiceOptions { MaxConcurrency = 1, MaxRepeats = 3, MaxWaiting = 0 });
        for (var n = 1; n <= 5; n++) await CallAsync(n, "Bus-Chain: work");

        Assert.Contains(BusErrors.Overloaded, await AnswerToAsync(5), StringComparison.Ordinal);
        Assert.Equal(4, service.GetStatus().Running);
    }

    [Fact]
    public async Task A_call_that_was_sent_again_is_cancelled_where_it_runs()
    {
        var (begun, cancelled) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var service = await HoldAsync(new ServiceOptions(), token =>
        {
            token.Register(cancelled.SetResult);
            begun.SetResult();
        });
        await CallAsync(1, "Nats-Msg-Id: same", "Bus-Call: one");
        await CallAsync(2, "Nats-Msg-Id: same", "Bus-Call: one");
        await begun.Task.Guard();
        await HasAsync(service, running: 2, waiting: 0);

        await _raw.FlushAsync("PUB $SRV.CANCEL.work 3\r\none\r\n");

        await cancelled.Task.Guard();
        await AnswerToAsync(1);
        await AnswerToAsync(2);
    }

    [Fact]
    public async Task Ids_of_any_length_are_not_kept()
    {
        var id = new string('i', 1000);
        await using var service = await _host.ServeAsync("work", s => s.Endpoint<int, int>("do", (n, _) => n)).Guard();
        await _raw.FlushAsync($"PUB $SRV.CANCEL.work {id.Length}\r\n{id}\r\n");
        await _host.FlushAsync().Guard();

        await CallAsync(1, $"Bus-Call: {id}");
        Assert.DoesNotContain("Bus-Error", await AnswerToAsync(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statistics_hold_the_begin_of_an_error_however_long_it_is()
    {
        await using var service = await _host.ServeAsync("work", s => s.Endpoint<int, int>("do", int (_, _) => throw new InvalidOperationException(new string('e', 100_000)))).Guard();
        await CallAsync(1);
        await AnswerToAsync(1);

        Assert.Equal(1024, service.GetStatus().Methods[0].LastError!.Length);
    }

    /// <summary>A service whose handler does not end, whatever becomes of its token.</summary>
    private Task<IBusService> HoldAsync(ServiceOptions options, Action<CancellationToken>? begun = null) => _host.ServeAsync(
        "work",
        s => s.Endpoint<int, int>("do", async (n, context) =>
        {
            begun?.Invoke(context.CancellationToken);
            await _end.Task;
            return n;
        }),
        options).Guard();

    private Task CallAsync(int number, params string[] headers)
    {
        var block = string.Concat(headers.Prepend("NATS/1.0").Select(line => line + "\r\n")) + "\r\n";
        return _raw.SendAsync(string.Create(CultureInfo.InvariantCulture, $"HPUB work.do my.answers.{number} {block.Length} {block.Length + 1}\r\n{block}7\r\n"));
    }

    /// <summary>The whole answer, headers and all.</summary>
    private async Task<string> AnswerToAsync(int number)
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                _received += await _raw.FlushAsync();
                return _received.Contains($"answers.{number} ", StringComparison.Ordinal);
            },
            () => _received);
        return _received[_received.IndexOf($"answers.{number} ", StringComparison.Ordinal)..].Split("MSG ")[0];
    }

    private static Task HasAsync(IBusService service, int running, int waiting) =>
        Eventually.HoldsAsync(() => service.GetStatus() is var status && (status.Running, status.Waiting) == (running, waiting), () => $"{service.GetStatus()}");
}
