#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>A message that a test actor took, with its sender.</summary>
internal readonly record struct Received(object Message, IActorRef Sender);
