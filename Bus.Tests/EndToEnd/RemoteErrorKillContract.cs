using System.Collections.Concurrent;
using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>Errors of handlers on their way to other processes, while the bus or the responder is frozen or killed: they arrive as they were, or the call says that they are lost.</summary>
public abstract class RemoteErrorKillContract(string url) : DaemonContract(url)
{
    private const string Text = "the disk is full";

    [Theory]
    [InlineData(ErrorDetail.None)]
    [InlineData(ErrorDetail.Message)]
    [InlineData(ErrorDetail.Full)]
    public async Task Another_process_hears_as_much_of_it_as_the_responder_tells_although_the_bus_freezes_on_the_way(ErrorDetail told)
    {
        await using var bus = await ConnectAsync("service");
        var options = new SubscriptionOptions { ErrorDetail = told };
        var (handling, gate) = (new CountdownEvent(2), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var responder = await bus.RespondAsync<string, string>("work", (_, _, _) => FailAsync(handling, gate.Task), options).Guard();
        await using var inbox = await bus.OpenInboxAsync<string, string>((_, _) => FailAsync(handling, gate.Task), options).Guard();
        await using var request = StartIpcBus("request", "work", "?", "--timeout", "10m");
        await using var delivery = StartIpcBus("deliver", "service", "?", "--timeout", "10m");
        await Task.Run(() => Assert.True(handling.Wait(Guarding.Limit), "The calls do not arrive."));
        await Daemon.FreezeAsync();
        gate.SetResult();
        // Whether they have gone out by now or wait for the socket is all the same to who asked.
        await Daemon.SignalAsync("CONT");

        foreach (var caller in new[] { request, delivery })
        {
            Assert.Equal(1, await caller.ExitAsync());
            Assert.Equal("", caller.Output.Text);
            Assert.Contains("answered with error 500 (handler-failed)", caller.Errors.Text, StringComparison.Ordinal);
            Assert.Equal(told != ErrorDetail.None, caller.Errors.Text.Contains(Text, StringComparison.Ordinal));
            Assert.Equal(told == ErrorDetail.Full, caller.Errors.Text.Contains($"{nameof(System)}.{nameof(InvalidOperationException)}: {Text}", StringComparison.Ordinal));
            // The stack names the method that threw.
            Assert.Equal(told == ErrorDetail.Full, caller.Errors.Text.Contains(nameof(FailAsync), StringComparison.Ordinal));
        }

        handling.Dispose();
    }

    [Fact]
    public async Task What_is_safe_to_retry_gets_the_error_with_its_stack_over_the_death_of_the_bus_and_is_handled_once()
    {
        await using var requester = await ConnectAsync();
        await using var service = await ConnectAsync();
        var (handled, handling, gate) = (new ConcurrentQueue<string>(), new CountdownEvent(2), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        // Who did not remember the call would handle it again when it comes back.
        await using var responder = await service.RespondAsync<string, string>("work", (text, _, _) =>
        {
            handled.Enqueue(text);
            return FailAsync(handling, gate.Task);
        }, new SubscriptionOptions { ErrorDetail = ErrorDetail.Full }).Guard();
        await using var second = await service.RespondAsync<string, string>("lost", (_, _, _) => FailAsync(handling, gate.Task)).Guard();
        var safe = requester.RequestMessageAsync<string, string>("work", "once", new RequestOptions { SafeToRetry = true, Timeout = Never });
        var lost = requester.RequestAsync<string, string>("lost", "?", Never);
        await Task.Run(() => Assert.True(handling.Wait(Guarding.Limit), "The calls do not arrive."));
        var (requesterBack, serviceBack) = (requester.NextAsync(BusState.Connected), service.NextAsync(BusState.Connected));

        await KillDaemonAsync();
        await Assert.ThrowsAsync<ConnectionLostException>(() => lost.Guard());
        // The error is made while there is nobody to tell it to.
        gate.SetResult();
        await StartDaemonAsync();
        await Task.WhenAll(requesterBack, serviceBack);

        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => safe.Guard());
        Assert.Equal((Text, 500, "handler-failed", false), (error.Text, error.Code, error.Error, error.IsOfBus));
        Assert.Contains(nameof(FailAsync), error.Detail, StringComparison.Ordinal);
        Assert.Equal(["once"], handled);
        handling.Dispose();
    }

    [Fact]
    public async Task The_errors_of_a_process_that_was_frozen_arrive_when_it_wakes_up_and_none_of_one_that_is_killed()
    {
        await using var bus = await ConnectAsync();
        await using var frozen = await StartFailingAsync("frozen");
        await using var victim = await StartFailingAsync("victim");
        foreach (var process in new[] { frozen, victim }) await process.FreezeAsync();
        var errors = Enumerable.Range(0, 3).Select(i => bus.RequestAsync<int, int>("frozen", i, Never)).ToList();
        var lost = Enumerable.Range(0, 3).Select(i => bus.RequestAsync<int, int>("victim", i, Never)).ToList();
        await bus.FlushAsync().Guard();

        await victim.SignalAsync("KILL");
        foreach (var call in lost) await Assert.ThrowsAsync<ResponderLostException>(() => call.Guard());
        Assert.DoesNotContain(errors, call => call.IsCompleted);
        await frozen.SignalAsync("CONT");

        foreach (var call in errors)
        {
            var error = await Assert.ThrowsAsync<RemoteErrorException>(() => call.Guard());
            Assert.Equal((500, "command-failed", null), (error.Code, error.Error, error.Detail));
            Assert.Contains(Text, error.Text, StringComparison.Ordinal);
        }
    }

    private Task<ToolProcess> StartFailingAsync(string topic) => StartReadyAsync(topic, "reply", topic, "--exec", $"echo {Text} >&2; exit 3");

    private static async ValueTask<string> FailAsync(CountdownEvent handling, Task gate)
    {
        handling.Signal();
        await gate;
        throw new InvalidOperationException(Text);
    }
}

public sealed class UnixRemoteErrorKillTests() : RemoteErrorKillContract("bus");

public sealed class TcpRemoteErrorKillTests() : RemoteErrorKillContract(new RestartingTcpBus().Endpoint.ToString());
