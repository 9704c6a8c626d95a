using Bus.Core.Client;

namespace Bus.Cli.Output;

/// <summary>How a message is shown.</summary>
internal interface IMessageWriter
{
    void Write(BusMessage message, StandardOutput output);
}
