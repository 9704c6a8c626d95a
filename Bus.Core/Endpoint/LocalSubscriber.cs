using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>A filter of a subscription in this process.</summary>
internal sealed class LocalSubscriber(IActorRef recipient, string filter, string? queue) : Subscriber(recipient, filter, queue);
