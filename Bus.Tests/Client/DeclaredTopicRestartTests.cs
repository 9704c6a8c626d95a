using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Hosting;

namespace Bus.Tests.Client;

/// <summary>Clients come back to a bus that does not know a topic any more.</summary>
public sealed class DeclaredTopicRestartTests
{
    [Fact]
    public async Task What_is_refused_after_a_reconnect_ends_and_is_not_asked_for_again_while_all_else_goes_on()
    {
        await using var bus = new RestartingUnixBus
        {
            Options = new IpcBusOptions { TopicCreation = TopicCreation.Declared, Topics = [new TopicDeclaration { Name = "always.*", Policy = new TopicPolicy { Retain = true, MaxSubscribers = 2 } }] },
        };
        await bus.StartAsync();
        await using var client = await bus.ConnectAsync();
        await client.CreateTopicAsync("declared.later").Guard();
        await using var lost = await client.OpenSubscriptionAsync<string>(["always.a", "declared.later"]).Guard();
        await using var kept = await client.OpenSubscriptionAsync<string>("always.a").Guard();
        await client.PublishAsync("always.a", "before");
        Assert.Equal(["before"], await kept.TakeDataAsync(1));
        Assert.Equal(["before"], await lost.TakeDataAsync(1));

        for (var round = 0; round < 3; round++)
        {
            var back = client.NextAsync(BusState.Connected);
            await bus.StopAsync();
            await bus.StartAsync();
            await back;
            if (round == 0) Assert.Equal("topic-undeclared", (await Assert.ThrowsAsync<BusRefusedException>(() => lost.Completion.Guard())).Error);
            await client.FlushAsync().Guard();
            // The other filter of the one that was refused is gone as well.
            Assert.Equal(1, (await client.PublishConfirmedAsync("always.a", $"{round}").Guard()).Reached);
            Assert.Equal([$"{round}"], await kept.TakeDataAsync(1));
            Assert.Equal(1, (await client.GetTopicsAsync().Guard()).Topics[0].Subscribers);
        }

        Assert.False(kept.Completion.IsCompleted);
    }
}
