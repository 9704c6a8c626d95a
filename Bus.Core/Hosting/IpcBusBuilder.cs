namespace Bus.Core.Hosting;

/// <summary>What <c>AddIpcBus</c> returns: extensions add listeners and more to the bus.</summary>
public sealed class IpcBusBuilder
{
    internal IpcBusBuilder(IpcBusParts parts) => Parts = parts;

    internal IpcBusParts Parts { get; }
}
