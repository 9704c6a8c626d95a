using System.Collections.Concurrent;
using Bus.Core.Supervision;
using Bus.Core.Topics;

namespace Bus.Tests.Transport.Connections;

/// <summary>
/// Stands between the connections and the topic manager, and notes which connection actor subscribes to which filter: the
/// way by which a test gets hold of the actor of one connection. Everything passes unchanged.
/// </summary>
internal sealed class ConnectionTap
{
    private readonly ConcurrentDictionary<string, IActorRef> _byFilter = new(StringComparer.Ordinal);

    /// <summary>The connection that subscribed to the filter.</summary>
    public IActorRef ConnectionOf(string filter) => _byFilter[filter];

    /// <summary>Goes into <see cref="TestBus.Tap"/>.</summary>
    public IActorRef Insert(ActorSystem system, IActorRef supervisor)
    {
        var tap = this;
        return system.ActorOf(Props.Create(() => new SupervisorTap(tap, supervisor)), "tap");
    }

    private sealed class SupervisorTap(ConnectionTap tap, IActorRef supervisor) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not GetTopics get)
            {
                supervisor.Tell(message, Sender);
                return;
            }

            var (owner, topics, replyTo) = (tap, Context.ActorOf(Props.Create(() => new Inbox()), "inbox"), get.ReplyTo);
            topics.Tell(new Wiring(owner, replyTo), Self);
            supervisor.Tell(new GetTopics(topics), Self);
        }
    }

    private sealed record Wiring(ConnectionTap Tap, IActorRef ReplyTo);

    /// <summary>Hears of the real topic manager, puts itself in its place, and passes everything on.</summary>
    private sealed class Inbox : UntypedActor
    {
        private Wiring? _wiring;
        private IActorRef? _topics;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Wiring wiring:
                    _wiring = wiring;
                    break;
                case IActorRef topics:
                    _topics = topics;
                    _wiring!.ReplyTo.Tell(Self, Self);
                    break;
                default:
                    if (message is Subscribe subscribe) _wiring!.Tap._byFilter[subscribe.Subscriber.Filter] = subscribe.Subscriber.Recipient;
                    _topics!.Tell(message, Sender);
                    break;
            }
        }
    }
}
