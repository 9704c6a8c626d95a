namespace Bus.Benchmarks.Compare.Servers;

internal enum ServerKind
{
    /// <summary>Ours.</summary>
    IpcBus,

    /// <summary>What ours is compared with. Listens on TCP only.</summary>
    NatsServer,

    /// <summary>The least that a broker can do: native/floor.c.</summary>
    Floor,
}
