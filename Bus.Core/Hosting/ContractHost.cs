using Bus.Core.Client;
using Bus.Core.Contracts;
using Bus.Core.Rpc;
using Microsoft.Extensions.Hosting;

namespace Bus.Core.Hosting;

/// <summary>Offers a contract as long as the host runs.</summary>
internal sealed class ContractHost<TContract>(IBus bus, TContract implementation, ServiceOptions? options) : IHostedService
    where TContract : class, IBusContract<TContract>
{
    private IBusService? _service;

    public async Task StartAsync(CancellationToken cancellationToken) => _service = await bus.ServeAsync(implementation, options, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_service is not null) await _service.DrainAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host does not wait any longer: what was still carried out has been cancelled and answered.
        }
    }
}
