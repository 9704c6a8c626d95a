using System.Text;
using Bus.Core.State;
using Bus.Core.Supervision;
using Bus.Core.Topics;
using Bus.Tests.Actors;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bus.Tests.Core.Topics;

/// <summary>When the registry is told of services that come and go.</summary>
public sealed class ServiceWatchTests : ActorTestKit
{
    private const string Filter = "$SRV.INFO.maths.1";

    private readonly BusEnvironment _environment = new(NullLoggerFactory.Instance, TimeProvider.System);
    private readonly List<(object Change, bool IsRouted)> _told = [];
    private readonly IActorRef _topics;

    public ServiceWatchTests()
    {
        var environment = _environment;
        Sys.ActorOf(Props.Create(() => new BusSupervisor(environment)), "bus").Tell(new GetTopics(TestActor), TestActor);
        _topics = ExpectMsg<IActorRef>();
        environment.Services.Listen(new RecordingRef { OnTell = change => _told.Add((change, environment.Router.Match(Encoding.UTF8.GetBytes(Filter)).Count > 0)) });
    }

    /// <summary>It asks at once whoever has come: a question that is ahead of the routing table goes nowhere.</summary>
    [Fact]
    public void It_hears_of_one_when_that_can_be_asked_and_of_its_end_when_it_cannot_be_any_more()
    {
        var subscriber = Subscribe(origin: "a");
        Leave(subscriber);
        // Asked by somebody who looks on, it is no service.
        Subscribe(origin: "b", "$SRV.INFO.*.1");

        Assert.Equal(new ServiceKey("maths", "1"), ((ServiceAppeared)_told[0].Change).Key);
        Assert.Equal(["a"], Origins(_told[0].Change));
        Assert.Equal((new ServiceGone(new ServiceKey("maths", "1")), false), _told[1]);
        Assert.Equal((2, true), (_told.Count, _told[0].IsRouted));
    }

    /// <summary>Its end may be known later than that it is back.</summary>
    [Fact]
    public void It_hears_whose_it_is_when_one_comes_back_by_another_connection()
    {
        var first = Subscribe(origin: "a");
        Subscribe(origin: "b");
        Leave(first);

        Assert.Equal(["a", "a b", "b"], _told.Select(told => string.Join(' ', Origins(told.Change))));
        Assert.All(_told, told => Assert.True(told.IsRouted));
    }

    private static IEnumerable<object> Origins(object change) => ((ServiceAppeared)change).Members.Select(member => member.Origin);

    private TestSubscriber Subscribe(object origin, string filter = Filter)
    {
        var subscriber = new TestSubscriber(TestActor, filter) { Origin = origin };
        Acknowledged(waiter => new Subscribe(subscriber, waiter));
        return subscriber;
    }

    private void Leave(TestSubscriber subscriber) => Acknowledged(waiter => new Unsubscribe(subscriber, waiter));

    private void Acknowledged(Func<Waiter, object> command)
    {
        using var done = new ManualResetEventSlim();
        _topics.Tell(command(new Waiter(_ => done.Set())), ActorRefs.NoSender);
        Assert.True(done.Wait(TimeSpan.FromSeconds(30)));
    }
}
