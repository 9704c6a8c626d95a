using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;

namespace Bus.Tests.Client;

/// <summary>Who may declare and delete topics.</summary>
public sealed class TopicChangesTests
{
    [Theory]
    [InlineData(TopicChanges.ByAnyone, true, true)]
    [InlineData(TopicChanges.InProcess, true, false)]
    [InlineData(TopicChanges.None, false, false)]
    public async Task The_bus_decides_who_may_change_topics(TopicChanges changes, bool mayProcess, bool mayClient)
    {
        await using var listener = await BusListener.StartAsync([BusEndpoint.Parse("tcp://127.0.0.1:0")], new IpcBusOptions { TopicChanges = changes, Topics = [new TopicDeclaration { Name = "news" }] });
        var process = listener.Node.OpenBus();
        await using var client = await BusClient.ConnectAsync(listener.Endpoints[0]).Guard();

        await TryAsync(process, "by.process", mayProcess);
        await TryAsync(client, "by.client", mayClient);

        Assert.Equal("news", Assert.Single((await client.GetTopicsAsync().Guard()).Topics).Name);
    }

    private static async Task TryAsync(IBus bus, string topic, bool isAllowed)
    {
        if (isAllowed)
        {
            Assert.True(await bus.CreateTopicAsync(topic).Guard());
            Assert.True(await bus.DeleteTopicAsync(topic).Guard());
            return;
        }

        Assert.Equal("topics-forbidden", (await Assert.ThrowsAsync<BusRefusedException>(() => bus.CreateTopicAsync(topic).Guard())).Error);
        Assert.Equal("topics-forbidden", (await Assert.ThrowsAsync<BusRefusedException>(() => bus.DeleteTopicAsync("news").Guard())).Error);
    }
}
