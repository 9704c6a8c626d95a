using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Rpc;

/// <summary>Callers who chose the same id for their requests have nothing else in common.</summary>
public abstract class SameIdContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly BusHeaders Same = new() { ["Nats-Msg-Id"] = "same" };
    private static readonly RequestOptions Request = new() { SafeToRetry = true, Headers = Same, Timeout = TimeSpan.FromHours(1) };
    private static readonly ServiceCallOptions Call = new() { SafeToRetry = true, Headers = Same, Timeout = TimeSpan.FromHours(1) };

    [Fact]
    public async Task Each_gets_its_own_answer_from_a_responder_and_a_method_and_the_same_again()
    {
        var (bus, alice, bob) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var handled = 0;
        await using var responder = await bus.RespondAsync<string, string>("twice", (name, _, _) => new($"{name} {Interlocked.Increment(ref handled)}")).Guard();
        await using var service = await bus.ServeAsync("work", s => s.Endpoint<string, string>("do", (name, _) => $"{name} {Interlocked.Increment(ref handled)}")).Guard();

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal("alice 1", (await alice.RequestMessageAsync<string, string>("twice", "alice", Request).Guard()).Data);
            Assert.Equal("bob 2", (await bob.RequestMessageAsync<string, string>("twice", "bob", Request).Guard()).Data);
            Assert.Equal("alice 3", await alice.CallAsync<string, string>("work", "do", "alice", Call).Guard());
            Assert.Equal("bob 4", await bob.CallAsync<string, string>("work", "do", "bob", Call).Guard());
        }
    }

    [Fact]
    public async Task None_waits_for_what_another_asked()
    {
        var (bus, alice, bob) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var service = await bus.ServeAsync("work", s => s.Endpoint<string, string>("do", async (name, _) =>
        {
            if (name == "bob") return name;
            begun.SetResult();
            await go.Task;
            return name;
        })).Guard();

        var first = alice.CallAsync<string, string>("work", "do", "alice", Call);
        await begun.Task.Guard();
        Assert.Equal("bob", await bob.CallAsync<string, string>("work", "do", "bob", Call).Guard());
        go.SetResult();
        Assert.Equal("alice", await first.Guard());
    }
}

public sealed class LocalSameIdTests : SameIdContract<LocalBusFixture>;

public sealed class UnixSameIdTests : SameIdContract<UnixBusFixture>;

public sealed class TcpSameIdTests : SameIdContract<TcpBusFixture>;

public sealed class PipeSameIdTests : SameIdContract<PipeBusFixture>;
