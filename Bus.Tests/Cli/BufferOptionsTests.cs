using System.CommandLine;
using Bus.Cli.Commands;
using Bus.Core.Client;

namespace Bus.Tests.Cli;

public sealed class BufferOptionsTests
{
    [Theory]
    [InlineData("", SubscriptionOverflow.Block, 16 * 1024)]
    [InlineData("--when-full block --buffer 1", SubscriptionOverflow.Block, 1)]
    [InlineData("--when-full drop-oldest", SubscriptionOverflow.DropOldest, 16 * 1024)]
    [InlineData("--when-full drop-newest", SubscriptionOverflow.DropNewest, 16 * 1024)]
    [InlineData("--when-full latest-per-topic --buffer 7", SubscriptionOverflow.LatestPerTopic, 7)]
    [InlineData("--when-full disconnect", SubscriptionOverflow.Disconnect, 16 * 1024)]
    public void They_become_options_of_the_subscription(string line, SubscriptionOverflow policy, int capacity)
    {
        var options = new BufferOptions();
        var command = new Command("sub");
        foreach (var option in options.All) command.Options.Add(option);

        var read = options.Read(command.Parse(line));

        Assert.Equal((policy, capacity), (read.WhenFull, read.Capacity));
    }
}
