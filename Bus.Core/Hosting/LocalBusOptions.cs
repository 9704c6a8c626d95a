using Bus.Core.Client;

namespace Bus.Core.Hosting;

/// <summary>One participant of the bus inside the process.</summary>
public sealed record LocalBusOptions
{
    /// <summary>Its name, unique on the bus (<see cref="SystemTopics.ValidateName"/>). Default: a generated one.</summary>
    public string? Name { get; init; }

    /// <summary>Whether somebody else who has the name is to be closed. Default: false, then opening the bus fails.</summary>
    public bool TakeOverName { get; init; }

    /// <summary>Whether its subscriptions get what it publishes itself. Default: true.</summary>
    public bool Echo { get; init; } = true;

    /// <summary>As <see cref="IpcBusOptions.Serializer"/>. Default: null, that of the bus.</summary>
    public IBusSerializer? Serializer { get; init; }

    /// <summary>As <see cref="IpcBusOptions.Serializers"/>. Default: null, those of the bus.</summary>
    public IReadOnlyList<IBusSerializer>? Serializers { get; init; }

    /// <summary>As <see cref="IpcBusOptions.Compression"/>. Default: null, that of the bus.</summary>
    public CompressionOptions? Compression { get; init; }

    internal PayloadCodec CreateCodec(IpcBusOptions bus) => new(Serializer ?? bus.Serializer, Serializers ?? bus.Serializers, Compression ?? bus.Compression);
}
