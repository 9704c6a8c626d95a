using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Rpc;

/// <summary>Whatever goes wrong at a service has an error of its own for the caller, at once.</summary>
public abstract class ServiceErrorContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly ServiceCallOptions Patient = new() { Timeout = TimeSpan.FromHours(1) };

    [Fact]
    public async Task A_handler_that_throws_or_is_not_understood()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var service = await bus.ServeAsync("work", s => s
            .Endpoint<int, int>("throw", int (n, _) => n == 0 ? throw new InvalidOperationException("no zero") : throw new RemoteErrorException("not today", 423, "closed-today", "come back tomorrow"))).Guard();

        await FailAsync(BusErrors.HandlerFailed, 500, "no zero", caller.CallAsync<int, int>("work", "throw", 0, Patient));
        var chosen = await FailAsync("closed-today", 423, "not today", caller.CallAsync<int, int>("work", "throw", 1, Patient));
        Assert.Equal("come back tomorrow", chosen.Detail);
        await FailAsync(BusErrors.BadRequest, 400, "cannot be read", caller.CallAsync<string, int>("work", "throw", "zero", Patient));
        var foreign = new BusHeaders { ["Content-Type"] = "application/x-unheard-of" };
        await FailAsync(BusErrors.UnsupportedContentType, 415, "application/x-unheard-of", caller.CallAsync<string, int>("work", "throw", "0", Patient with { Headers = foreign }));
    }

    [Fact]
    public async Task An_answer_that_is_too_large_cannot_be_written_or_cannot_be_read()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var service = await bus.ServeAsync("work", s => s
            .Endpoint<int, byte[]>("large", (n, _) => new byte[n])
            .Endpoint<int, Func<int>>("odd", (n, _) => () => n)
            .Endpoint<int, string>("text", (_, _) => "no number")).Guard();

        await FailAsync(BusErrors.PayloadTooLarge, 500, "this bus allows", caller.CallAsync<int, byte[]>("work", "large", bus.MaxPayload + 1, Patient));
        await FailAsync(BusErrors.PayloadFormat, 500, "cannot be serialized", caller.CallAsync<int, string>("work", "odd", 1, Patient));
        Assert.Equal(BusErrors.PayloadFormat, (await Assert.ThrowsAsync<PayloadFormatException>(() => caller.CallAsync<int, int>("work", "text", 1, Patient).Guard())).Error);
        Assert.Equal(BusErrors.PayloadTooLarge, (await Assert.ThrowsAsync<PayloadTooLargeException>(() => caller.CallAsync<byte[], int>("work", "text", new byte[caller.MaxPayload + 1], Patient).Guard())).Error);
    }

    [Fact]
    public async Task A_service_that_hangs_or_dies()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var begun = new TaskCompletionSource();
        await using var service = await bus.ServeAsync("work", s => s.Endpoint<int, int>("hang", async (n, _) =>
        {
            if (n == 1) begun.SetResult();
            await new TaskCompletionSource().Task;
            return n;
        })).Guard();

        Assert.Equal(BusErrors.Timeout, (await Assert.ThrowsAsync<RequestTimeoutException>(() => caller.CallAsync<int, int>("work", "hang", 0, new ServiceCallOptions { Timeout = TimeSpan.FromMilliseconds(20) }).Guard())).Error);
        var call = caller.CallAsync<int, int>("work", "hang", 1, Patient);
        await begun.Task.Guard();
        await bus.AbortAsync();
        var lost = await Assert.ThrowsAnyAsync<BusException>(() => call.Guard());
        // In process there is no connection that could break under it: what runs is answered that it was cancelled.
        Assert.Contains(lost.Error, (string[])[BusErrors.ResponderLost, BusErrors.Cancelled]);
    }

    [Fact]
    public async Task A_handler_that_answers_twice_has_answered_once()
    {
        var (bus, caller) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var service = await bus.ServeAsync("work", s => s.Endpoint<int, int>("twice", async (n, context) =>
        {
            await context.Message.ReplyAsync(n);
            return n + 1;
        })).Guard();

        Assert.Equal(1, await caller.CallAsync<int, int>("work", "twice", 1, Patient).Guard());
    }

    private static async Task<RemoteErrorException> FailAsync<T>(string error, int code, string text, Task<T> call)
    {
        var failed = await Assert.ThrowsAsync<RemoteErrorException>(() => call.Guard());
        Assert.Equal((error, code), (failed.Error, failed.Code));
        Assert.Contains(text, failed.Text, StringComparison.Ordinal);
        return failed;
    }
}

public sealed class LocalServiceErrorTests : ServiceErrorContract<LocalBusFixture>;

public sealed class UnixServiceErrorTests : ServiceErrorContract<UnixBusFixture>;

public sealed class TcpServiceErrorTests : ServiceErrorContract<TcpBusFixture>;

public sealed class PipeServiceErrorTests : ServiceErrorContract<PipeBusFixture>;
