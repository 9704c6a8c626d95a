namespace Bus.Core.Hosting;

/// <summary>Something that lives and dies with a bus: its listeners, say. Started in the order of registration, stopped in the reverse.</summary>
internal interface IBusComponent
{
    Task StartAsync(BusNode node, CancellationToken cancellationToken);

    Task StopAsync(CancellationToken cancellationToken);
}
