using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Rpc;

/// <summary>What those hear who count calls and services in the process of the bus.</summary>
public sealed class CallMetricsTests : IAsyncLifetime
{
    // The meter belongs to the whole process, and to its other tests.
    private readonly string _service = $"counted-{Guid.NewGuid():N}";
    private readonly Channel<(string Instrument, double Seconds, string? Method, string? Error)> _measured = Channel.CreateUnbounded<(string, double, string?, string?)>();
    private readonly MeterListener _listener = new();
    private BusNode _node = null!;

    public async Task InitializeAsync()
    {
        _node = await BusNode.StartAsync();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == CallTelemetry.SourceName && instrument.Name.EndsWith("call.duration", StringComparison.Ordinal)) listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, seconds, tags, _) =>
        {
            var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value as string, StringComparer.Ordinal);
            if (named["rpc.service"] == _service) _measured.Writer.TryWrite((instrument.Name, seconds, named["rpc.method"], named.GetValueOrDefault("error.type")));
        });
        _listener.Start();
    }

    public async Task DisposeAsync()
    {
        _listener.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Each_call_is_measured_at_both_sides_with_the_name_of_its_error()
    {
        await using var service = await _node.Bus.ServeAsync(_service, s => s.Endpoint<int, int>("do", (n, _) => n > 0 ? n : throw new InvalidOperationException("too small"))).Guard();

        await _node.Bus.CallAsync<int, int>(_service, "do", 1).Guard();
        Assert.Equal([("rpc.client.call.duration", "do", null), ("rpc.server.call.duration", "do", null)], await MeasuredAsync(2));
        await Assert.ThrowsAsync<RemoteErrorException>(() => _node.Bus.CallAsync<int, int>(_service, "do", 0).Guard());
        Assert.Equal([("rpc.client.call.duration", "do", BusErrors.HandlerFailed), ("rpc.server.call.duration", "do", BusErrors.HandlerFailed)], await MeasuredAsync(2));
        await Assert.ThrowsAsync<MethodNotFoundException>(() => _node.Bus.CallAsync<int, int>(_service, "other", 0).Guard());
        Assert.Equal([("rpc.client.call.duration", "other", BusErrors.MethodNotFound)], await MeasuredAsync(1));
    }

    [Fact]
    public async Task The_node_tells_of_services_that_come_and_go()
    {
        var changes = Channel.CreateUnbounded<ServiceChangedEventArgs>();
        _node.ServiceChanged += (_, e) => changes.Writer.TryWrite(e);
        var service = await _node.Bus.ServeAsync(_service, s => s.Endpoint<int, int>("do", (n, _) => n)).Guard();

        var up = await changes.Reader.ReadAsync().AsTask().Guard();
        Assert.Equal((true, _service, service.Id, "do"), (up.IsUp, up.Service.Name, up.Service.Id, Assert.Single(up.Service.Endpoints).Name));
        await service.DisposeAsync();
        var down = await changes.Reader.ReadAsync().AsTask().Guard();
        Assert.Equal((false, _service, service.Id), (down.IsUp, down.Service.Name, down.Service.Id));
    }

    /// <summary>The next measurements. Which of the sides is first is not said.</summary>
    private async Task<IEnumerable<(string Instrument, string? Method, string? Error)>> MeasuredAsync(int count)
    {
        var measured = new List<(string Instrument, string? Method, string? Error)>();
        while (measured.Count < count)
        {
            var (instrument, seconds, method, error) = await _measured.Reader.ReadAsync().AsTask().Guard();
            Assert.True(seconds > 0);
            measured.Add((instrument, method, error));
        }

        return measured.Order();
    }
}
