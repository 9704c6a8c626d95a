#nullable disable
using System.Runtime.InteropServices;

namespace Bus.Actors;

/// <summary>A message and who sent it.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct Envelope
{
    /// <summary>Puts a message into an envelope.</summary>
    /// <param name="message">The message.</param>
    /// <param name="sender">The sender, or null.</param>
    public Envelope(object message, IActorRef sender)
    {
        Message = message;
        Sender = sender;
    }

    /// <summary>The sender, or null.</summary>
    public IActorRef Sender { get; }

    /// <summary>The message.</summary>
    public object Message { get; }
}
