using Microsoft.Extensions.Hosting;

namespace Bus.Core.Hosting;

/// <summary>Starts and stops the bus with the host.</summary>
internal sealed class BusHostedService(BusNode node) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => node.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => node.StopAsync(cancellationToken);
}
