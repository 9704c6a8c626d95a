using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.Topics;

namespace Bus.Tests.Core.Topics;

/// <summary>Waits for what the topic manager says of a subscription. A refusal is a bug of the test.</summary>
internal sealed class Waiter(Action<Subscriber> registered) : IRegistrationWaiter
{
    public void Registered(Subscriber subscriber) => registered(subscriber);

    public void Refused(Subscriber subscriber, TopicRefusal refusal) => throw new InvalidOperationException(refusal.Text);
}
