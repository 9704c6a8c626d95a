namespace Bus.Core.Hosting;

/// <summary>Something that lives and dies with a bus: its listeners, say. Started in the order of registration, stopped in the reverse.</summary>
internal interface IBusComponent
{
    /// <summary>The actor that answers for it; nobody before the start.</summary>
    IActorRef Actor { get; }

    /// <summary>Where it lets others in, as URLs; empty before the start.</summary>
    IReadOnlyList<string> Endpoints { get; }

    Task StartAsync(BusNode node, CancellationToken cancellationToken);

    /// <summary>Lets nobody new in. Called before <see cref="StopAsync"/>, while all else still works.</summary>
    Task StopAcceptingAsync();

    Task StopAsync();
}
