using Bus.Core.Hosting;

namespace Bus.Tests.Client;

/// <summary>The base of the suites that prove that every <see cref="Bus.Core.Client.IBus"/> behaves the same.</summary>
public abstract class BusContract<TFixture> : IAsyncLifetime
    where TFixture : BusFixture, new()
{
    protected TFixture Fixture { get; } = new();

    /// <summary>How the bus is to be. Null: as usual.</summary>
    protected virtual IpcBusOptions? BusOptions => null;

    public Task InitializeAsync()
    {
        Fixture.Options = BusOptions;
        return Fixture.StartAsync();
    }

    public async Task DisposeAsync() => await Fixture.DisposeAsync();
}

public sealed record Order(int Number, string Customer);
