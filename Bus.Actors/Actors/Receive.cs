#nullable disable
namespace Bus.Actors;

/// <summary>A behaviour: handles a message or says that it does not.</summary>
/// <param name="message">The message.</param>
/// <returns>Whether it was handled.</returns>
public delegate bool Receive(object message);

/// <summary>A behaviour that handles every message.</summary>
/// <param name="message">The message.</param>
public delegate void UntypedReceive(object message);
