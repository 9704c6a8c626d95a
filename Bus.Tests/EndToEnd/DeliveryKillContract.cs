using System.Collections.Concurrent;
using System.Globalization;
using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

namespace Bus.Tests.EndToEnd;

/// <summary>Deliveries while real processes get SIGKILL in the middle of them: what was confirmed was handled, and no call hangs.</summary>
public abstract class DeliveryKillContract(string url) : IAsyncLifetime
{
    private const int InFlight = 16;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-deliver-");
    private ToolProcess _daemon = null!;

    private BusEndpoint Endpoint => BusEndpoint.Parse(url, _directory.FullName);

    public async Task InitializeAsync() => _daemon = await ServeAsync();

    public async Task DisposeAsync()
    {
        await _daemon.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task When_the_handlers_process_is_killed_each_confirmed_one_was_handled_and_the_others_end_with_their_error()
    {
        await using var sender = await BusClient.ConnectAsync(Endpoint).Guard();
        var next = 0;
        for (var round = 0; round < 3; round++)
        {
            // The shell gives its process to ipcbus: the handler is its print to the file.
            var file = Path.Combine(_directory.FullName, $"handled-{round}");
            await using var handler = Start("/bin/sh", "-c", $"exec '{ToolProcess.IpcBus}' inbox worker --json > '{file}'");
            await handler.Errors.WaitForAsync("subscribed");
            var (confirmed, enough) = (new ConcurrentQueue<int>(), new TaskCompletionSource());

            var senders = Enumerable.Range(0, InFlight).Select(_ => Task.Run(() => DeliverUntilItFailsAsync(sender, () => Interlocked.Increment(ref next), number =>
            {
                confirmed.Enqueue(number);
                if (confirmed.Count == 200) enough.TrySetResult();
            }))).ToArray();
            await enough.Task.Guard();
            await handler.SignalAsync("KILL");
            var failed = await Task.WhenAll(senders).Guard();

            var handled = NumbersOf(file);
            Assert.Empty(confirmed.Except(handled));
            // Which of the two it is depends on where the message was at this moment; but "reached nobody" has to be true.
            Assert.All(failed, f => Assert.True(f.Error is ConnectionLostException { InnerException: ResponderLostException } || (f.Error is ClientAbsentException && !handled.Contains(f.Number)), $"{f.Number} ended with {f.Error}"));
            Assert.Equal(handled.Count, handled.Distinct().Count());
        }
    }

    [Fact]
    public async Task When_the_daemon_is_killed_what_is_safe_to_send_again_is_handled_once_and_the_rest_says_that_the_connection_was_lost()
    {
        await using var receiver = await BusClient.ConnectAsync(Endpoint, new BusClientOptions { Name = "worker" }).Guard();
        await using var sender = await BusClient.ConnectAsync(Endpoint).Guard();
        var handled = new ConcurrentQueue<int>();
        var answered = 0;
        await using var inbox = await receiver.OpenInboxAsync<int, int>((message, _) =>
        {
            handled.Enqueue(message.Data);
            return new(-message.Data);
        }).Guard();

        for (var round = 0; round < 3; round++)
        {
            var (enough, more, first) = (new TaskCompletionSource(), answered + 200, 10_000_000 * (round + 1));
            var back = new TaskCompletionSource();
            var safe = new DeliverOptions { SafeToRetry = true, Timeout = Guarding.Limit };
            var safely = Enumerable.Range(0, InFlight).Select(n => Task.Run(async () =>
            {
                // Each goes on until the bus has come back.
                for (var number = first + n; !back.Task.IsCompleted; number += InFlight)
                {
                    Assert.Equal(-number, await sender.DeliverAsync<int, int>("worker", number, safe));
                    if (Interlocked.Increment(ref answered) == more) enough.SetResult();
                }
            })).ToArray();
            var unsafely = Task.Run(() => DeliverUntilItFailsAsync(sender, () => 0, _ => { }));

            await enough.Task.Guard();
            var returned = sender.NextAsync(BusState.Connected);
            await _daemon.SignalAsync("KILL");
            Assert.IsType<ConnectionLostException>((await unsafely.Guard()).Error);
            await _daemon.DisposeAsync();
            _daemon = await ServeAsync();
            await returned.Guard();
            back.SetResult();
            await Task.WhenAll(safely).Guard();
        }

        var numbers = handled.Where(number => number > 0).ToList();
        Assert.Equal(answered, numbers.Distinct().Count());
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
    }

    private static async Task<(int Number, BusException Error)> DeliverUntilItFailsAsync(IBus sender, Func<int> next, Action<int> confirmed)
    {
        while (true)
        {
            var number = next();
            try
            {
                await sender.DeliverAsync("worker", number, new DeliverOptions { Timeout = Guarding.Limit });
                confirmed(number);
            }
            catch (BusException e)
            {
                return (number, e);
            }
        }
    }

    /// <summary>What the handler has written. It may have died within its last line.</summary>
    private static List<int> NumbersOf(string file)
    {
        var numbers = new List<int>();
        foreach (var line in File.ReadAllText(file).Split('\n')[..^1])
        {
            using var message = System.Text.Json.JsonDocument.Parse(line);
            numbers.Add(int.Parse(message.RootElement.GetProperty("payload").GetString()!, CultureInfo.InvariantCulture));
        }

        return numbers;
    }

    private async Task<ToolProcess> ServeAsync()
    {
        var daemon = Start(ToolProcess.IpcBus, "serve", "--listen", url, "--stop-on-eof");
        await daemon.Output.WaitForAsync("listening on");
        return daemon;
    }

    private ToolProcess Start(string program, params string[] arguments) =>
        ToolProcess.Start(program, arguments, new Dictionary<string, string> { ["IPCBUS_DIR"] = _directory.FullName, ["IPCBUS_URL"] = url });
}

public sealed class UnixDeliveryKillTests() : DeliveryKillContract("bus");

public sealed class TcpDeliveryKillTests() : DeliveryKillContract(new RestartingTcpBus().Endpoint.ToString());
