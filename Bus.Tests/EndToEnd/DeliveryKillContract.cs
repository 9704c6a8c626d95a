using System.Collections.Concurrent;
using System.Globalization;
using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>Deliveries while real processes get SIGKILL in the middle of them: what was confirmed was handled, and no call hangs.</summary>
public abstract class DeliveryKillContract(string url) : DaemonContract(url)
{
    private const int InFlight = 16;

    [Fact]
    public async Task When_the_handlers_process_is_killed_each_confirmed_one_was_handled_and_the_others_end_with_their_error()
    {
        await using var sender = await ConnectAsync();
        var next = 0;
        for (var round = 0; round < 3; round++)
        {
            var (handler, file) = await HandleAsync($"handled-{round}");
            await using var process = handler;
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
        await using var receiver = await ConnectAsync("worker");
        await using var sender = await ConnectAsync();
        var handled = new ConcurrentQueue<int>();
        await using var inbox = await receiver.OpenInboxAsync<int, int>((message, _) =>
        {
            handled.Enqueue(message.Data);
            return new(-message.Data);
        }).Guard();

        var confirmed = await DeliverThroughKillsAsync(sender, async (number, options) => Assert.Equal(-number, await sender.DeliverAsync<int, int>("worker", number, options)));

        var numbers = handled.Where(number => number > 0).ToList();
        Assert.Equal(confirmed, numbers.Order());
    }

    [Fact]
    public async Task When_the_daemon_is_killed_the_inbox_of_another_process_prints_each_once()
    {
        var (handler, file) = await HandleAsync("handled");
        await using var process = handler;
        await using var sender = await ConnectAsync();

        var confirmed = await DeliverThroughKillsAsync(sender, (number, options) => sender.DeliverAsync("worker", number, options));

        Assert.Equal(confirmed, NumbersOf(file).Where(number => number > 0).Order());
    }

    /// <summary>Delivers for three lives of the daemon what is safe to send again, and beside it what is not.</summary>
    /// <returns>What was confirmed, in order of the numbers.</returns>
    private async Task<IEnumerable<int>> DeliverThroughKillsAsync(IBus sender, Func<int, DeliverOptions, Task> deliver)
    {
        var confirmed = new ConcurrentQueue<int>();
        var next = 0;
        for (var round = 1; round <= 3; round++)
        {
            var (enough, back, goal) = (new TaskCompletionSource(), new TaskCompletionSource(), confirmed.Count + 200);
            var safely = Enumerable.Range(0, InFlight).Select(_ => Task.Run(async () =>
            {
                while (!back.Task.IsCompleted)
                {
                    var number = Interlocked.Increment(ref next);
                    await deliver(number, new DeliverOptions { SafeToRetry = true, Timeout = Guarding.Limit });
                    confirmed.Enqueue(number);
                    if (confirmed.Count >= goal) enough.TrySetResult();
                }
            })).ToArray();
            var unsafely = Task.Run(() => DeliverUntilItFailsAsync(sender, () => 0, _ => { }));

            await enough.Task.Guard();
            var returned = sender.NextAsync(BusState.Connected);
            await KillDaemonAsync();
            Assert.IsType<ConnectionLostException>((await unsafely.Guard()).Error);
            await StartDaemonAsync();
            await returned.Guard();
            back.SetResult();
            await Task.WhenAll(safely).Guard();
        }

        return confirmed.Order();
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

    /// <summary>A process whose handler is its print to a file: the shell gives its process to ipcbus.</summary>
    private async Task<(ToolProcess Process, string File)> HandleAsync(string name)
    {
        var file = Path.Combine(Folder, name);
        var process = Start("/bin/sh", "-c", $"exec '{ToolProcess.IpcBus}' inbox worker --json > '{file}'");
        await process.Errors.WaitForAsync("subscribed");
        return (process, file);
    }
}

public sealed class UnixDeliveryKillTests() : DeliveryKillContract("bus");

public sealed class TcpDeliveryKillTests() : DeliveryKillContract(new RestartingTcpBus().Endpoint.ToString());
