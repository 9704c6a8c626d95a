using Bus.Core.Client;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

namespace Bus.Cli.Execution;

/// <summary>A connection to a bus whose troubles are told on stderr. Disposing it sends what is left and closes it.</summary>
internal sealed class BusSession : IAsyncDisposable
{
    private int _lost;

    private BusSession(IBus bus, string url)
    {
        Bus = bus;
        Url = url;
        bus.StateChanged += OnStateChanged;
        bus.Noticed += OnNoticed;
    }

    public IBus Bus { get; }

    public string Url { get; }

    /// <summary>What to say behind "connected again": what the gap means to the command.</summary>
    public string AfterGap { get; set; } = "";

    /// <param name="url">The bus; null: the user's own.</param>
    /// <param name="command">The name of the command, by which the list of clients knows us.</param>
    /// <param name="cancellationToken">The interruption.</param>
    /// <param name="configure">Changes what is usual.</param>
    /// <exception cref="BusConnectException">Nobody listens there.</exception>
    /// <exception cref="FormatException">IPCBUS_URL is not valid.</exception>
    public static async Task<BusSession> OpenAsync(string? url, string command, CancellationToken cancellationToken, Func<BusClientOptions, BusClientOptions>? configure = null)
    {
        url ??= BusEndpoint.Default.ToString();
        var options = new BusClientOptions { Program = $"ipcbus {command}" };
        return new BusSession(await BusClient.ConnectAsync(url, configure?.Invoke(options) ?? options, cancellationToken), url);
    }

    /// <summary>A round trip: the bus has all that was published.</summary>
    /// <exception cref="FailureException">Messages were lost since the session began.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await Bus.FlushAsync(cancellationToken);
        if (Volatile.Read(ref _lost) != 0) throw new FailureException("the connection broke on the way and messages were lost; publish them again.");
    }

    public ValueTask DisposeAsync()
    {
        Bus.StateChanged -= OnStateChanged;
        Bus.Noticed -= OnNoticed;
        return Bus.DisposeAsync();
    }

    private void OnStateChanged(object? sender, BusStateChangedEventArgs change)
    {
        if (change.Current == BusState.Reconnecting) Console.Error.WriteLine($"ipcbus: lost the connection to {Url}{(change.Reason is null ? "" : $" ({change.Reason.Message})")}; trying to get it back");
        if (change is { Previous: BusState.Reconnecting, Current: BusState.Connected }) Console.Error.WriteLine($"ipcbus: connected to {Url} again{AfterGap}");
    }

    private void OnNoticed(object? sender, BusNoticeEventArgs notice)
    {
        if (notice.Kind == BusNoticeKind.MessagesLost) Interlocked.Exchange(ref _lost, 1);
        Console.Error.WriteLine($"ipcbus: {notice.Text}");
    }
}
