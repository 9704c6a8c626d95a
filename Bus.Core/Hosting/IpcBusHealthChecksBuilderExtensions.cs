using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Bus.Core.Hosting;

/// <summary>Adds the bus to the health checks of an application.</summary>
public static class IpcBusHealthChecksBuilderExtensions
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Checks the bus of the application: healthy while its supervisor, its topics and its listeners answer; degraded while a listener accepts no
    /// connections; else unhealthy, also before it has started and when it stops. The description names what fails, the data counts filters and connections.
    /// </summary>
    /// <param name="builder">What <c>services.AddHealthChecks()</c> returned.</param>
    /// <param name="name">The name of the check. Default: <c>ipcbus</c>.</param>
    /// <param name="failureStatus">What is reported instead of unhealthy. Default: unhealthy.</param>
    /// <param name="tags">To tell checks apart: <c>["ready"]</c>.</param>
    /// <param name="timeout">How long a part of the bus may take to answer. Default: 5 seconds.</param>
    /// <exception cref="ArgumentOutOfRangeException">The timeout is not more than zero.</exception>
    public static IHealthChecksBuilder AddIpcBus(this IHealthChecksBuilder builder, string name = "ipcbus", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var limit = timeout ?? DefaultTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(limit, TimeSpan.Zero, nameof(timeout));
        return builder.Add(new HealthCheckRegistration(name, services => new BusHealthCheck(services, limit), failureStatus, tags));
    }
}
