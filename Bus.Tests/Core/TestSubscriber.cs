using Bus.Core.Messages;

namespace Bus.Tests.Core;

internal sealed class TestSubscriber(IActorRef recipient, string filter, string? queue = null) : Subscriber(recipient, filter, queue);
