using System.Runtime.CompilerServices;
using Bus.Core.Calls;
using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Tests.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>Streams between real processes, those of examples/streams: either side is killed, and so is the daemon between them. The processes use TCP, the test the Unix socket.</summary>
public sealed class StreamKillTests() : DaemonContract("bus")
{
    private static readonly StreamCallOptions Patient = new() { Timeout = Never };

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected override string ProcessUrl { get; } = new RestartingTcpBus().Endpoint.ToString();

    [Fact]
    public async Task What_one_process_writes_another_follows()
    {
        await using var service = await StartServiceAsync();
        await using var follower = StartExample("follow");
        await using var writer = StartExample("write");
        await writer.WriteAsync(string.Concat(Enumerable.Range(1, 500).Select(n => $"line {n}\n")));
        writer.CloseInput();

        Assert.Equal((0, "wrote 500 lines"), (await writer.ExitAsync(), writer.Output.Lines.Single()));
        await follower.Output.WaitForAsync("line 500");
        await service.SignalAsync("KILL");
        Assert.Equal(1, await follower.ExitAsync());
        Assert.Contains("disconnected before it replied", follower.Errors.Lines.Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_that_is_killed_ends_the_enumeration_of_the_sender()
    {
        await using var bus = await ConnectAsync();
        await using var service = await bus.ServeAsync("log", s => s.Stream<int, string>("follow", (_, _) => LinesAsync(int.MaxValue))).Guard();
        await using var follower = StartExample("follow");
        await follower.Output.WaitForAsync("line 1");

        await follower.SignalAsync("KILL");

        await _disposed.Task.Guard();
    }

    [Fact]
    public async Task A_reader_that_is_killed_while_nothing_is_sent_ends_it_too()
    {
        await using var bus = await ConnectAsync();
        await using var service = await bus.ServeAsync("log", s => s.Stream<int, string>("follow", (_, _) => LinesAsync(3))).Guard();
        await using var follower = StartExample("follow");
        await follower.Output.WaitForAsync("line 3");

        await follower.SignalAsync("KILL");

        await _disposed.Task.Guard();
    }

    [Fact]
    public async Task A_sender_that_is_killed_ends_the_reading_of_the_service()
    {
        await using var bus = await ConnectAsync();
        var ended = new TaskCompletionSource<Exception?>();
        await using var service = await bus.ServeAsync("log", s => s.Upload<string, int>("write", async (lines, _) =>
        {
            try
            {
                await foreach (var line in lines) _begun.TrySetResult();
                ended.SetResult(null);
            }
            catch (Exception e)
            {
                ended.SetResult(e);
            }

            return 0;
        })).Guard();
        await using var writer = StartExample("write");
        await writer.WriteAsync("one\n");
        await _begun.Task.Guard();

        await writer.SignalAsync("KILL");

        Assert.NotNull(await ended.Task.Guard());
    }

    [Fact]
    public async Task A_service_that_is_killed_ends_reading_and_sending()
    {
        await using var bus = await ConnectAsync();
        await using var service = await StartServiceAsync();
        var following = bus.CallStreamAsync<int, string>("log", "follow", 10, Patient).GetAsyncEnumerator();
        await using var reader = following;
        var sending = bus.CallUploadAsync<string, int>("log", "write", LinesAsync(int.MaxValue), Patient);
        Assert.True(await following.MoveNextAsync().AsTask().Guard());

        await service.SignalAsync("KILL");

        await Assert.ThrowsAsync<ResponderLostException>(() => sending.Guard());
        await Assert.ThrowsAsync<ResponderLostException>(() => ReadToEndAsync(following).Guard());
        await _disposed.Task.Guard();
    }

    [Fact]
    public async Task A_daemon_that_is_killed_ends_both_sides()
    {
        await using var bus = await ConnectAsync();
        await using var other = await ConnectAsync();
        await using var service = await other.ServeAsync("log", s => s.Stream<int, string>("follow", (_, _) => LinesAsync(3))).Guard();
        var following = bus.CallStreamAsync<int, string>("log", "follow", 10, Patient).GetAsyncEnumerator();
        await using var reader = following;
        Assert.True(await following.MoveNextAsync().AsTask().Guard());

        await KillDaemonAsync();

        await Assert.ThrowsAsync<ConnectionLostException>(() => ReadToEndAsync(following).Guard());
        await _disposed.Task.Guard();
        // And all is well again with the next one.
        await StartDaemonAsync();
        var retry = new RetryOptions { MinDelay = TimeSpan.FromMilliseconds(5), MaxAttempts = 1000, Timeout = Guarding.Limit, ShouldRetry = error => error is ServiceNotFoundException or NoRespondersException || RetryOptions.IsTransient(error) };
        Assert.Equal("line 1", await BusCalls.RetryAsync(token => bus.CallStreamAsync<int, string>("log", "follow", 10, Patient, token).FirstAsync(token).AsTask(), retry).Guard());
    }

    [Fact]
    public async Task A_reader_that_is_frozen_holds_up_the_sender_and_nothing_else()
    {
        await using var bus = await ConnectAsync();
        var sent = 0;
        await using var service = await bus.ServeAsync("log", s => s.Stream<int, string>("follow", (_, _) => LinesAsync(int.MaxValue).Select(line =>
        {
            Interlocked.Increment(ref sent);
            return line;
        }))).Guard();
        await using var follower = StartExample("follow");
        await follower.Output.WaitForAsync("line 100");
        await follower.FreezeAsync();
        var before = Volatile.Read(ref sent);

        // Many times what one reader may be behind.
        Assert.Equal(2000, await bus.CallStreamAsync<int, string>("log", "follow", 0, Patient).Take(2000).CountAsync().AsTask().Guard());

        Assert.InRange(Volatile.Read(ref sent) - before, 2000, 2000 + (4 * 64));
        await follower.SignalAsync("CONT");
        await follower.Output.WaitForAsync("line 1000");
    }

    private static async Task ReadToEndAsync(IAsyncEnumerator<string> lines)
    {
        while (await lines.MoveNextAsync())
        {
            // Until it ends.
        }
    }

    private ToolProcess StartExample(string what) => Start(Path.Combine(AppContext.BaseDirectory, "Streams"), what, ProcessUrl);

    private async Task<ToolProcess> StartServiceAsync()
    {
        var service = StartExample("serve");
        await service.Output.WaitForAsync("serving the log");
        return service;
    }

    /// <summary>So many lines, and then nothing until it is cancelled.</summary>
    private async IAsyncEnumerable<string> LinesAsync(int count, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        try
        {
            for (var n = 1; n <= count; n++)
            {
                await Task.Yield();
                yield return $"line {n}";
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        finally
        {
            _disposed.TrySetResult();
        }
    }
}
