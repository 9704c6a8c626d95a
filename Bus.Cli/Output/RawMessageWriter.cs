using Bus.Core.Client;

namespace Bus.Cli.Output;

/// <summary>The payload and a line feed, byte for byte, and nothing else.</summary>
internal sealed class RawMessageWriter : IMessageWriter
{
    public void Write(BusMessage message, StandardOutput output)
    {
        output.Write(message.Payload.Span);
        output.Write("\n"u8);
    }
}
