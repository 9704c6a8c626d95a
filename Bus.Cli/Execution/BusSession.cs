using Bus.Core.Client;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

namespace Bus.Cli.Execution;

/// <summary>A connection to a bus whose troubles are told on stderr. Disposing it sends what is left and closes it.</summary>
internal sealed class BusSession : IAsyncDisposable
{
    private const string Lost = " is lost: ";

    private readonly TaskCompletionSource<string> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _lost;
    private string? _said;

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

    /// <param name="endpoint">The bus.</param>
    /// <param name="command">The name of the command, by which the list of clients knows us.</param>
    /// <param name="connectTimeout">How long connecting may take.</param>
    /// <param name="cancellationToken">The interruption.</param>
    /// <param name="configure">Changes what is usual.</param>
    /// <exception cref="BusConnectException">Nobody listens there.</exception>
    public static async Task<BusSession> OpenAsync(BusEndpoint endpoint, string command, TimeSpan connectTimeout, CancellationToken cancellationToken, Func<BusClientOptions, BusClientOptions>? configure = null)
    {
        var options = new BusClientOptions { Program = $"ipcbus {command}", ConnectTimeout = connectTimeout };
        return new BusSession(await BusClient.ConnectAsync(endpoint, configure?.Invoke(options) ?? options, cancellationToken), endpoint.ToString());
    }

    /// <summary>A round trip: the bus has all that was published.</summary>
    /// <exception cref="FailureException">Messages were lost or refused since the session began.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await Bus.FlushAsync(cancellationToken);
        if (Bus.RefusedMessages > 0) throw new FailureException($"{await _refused.Task.WaitAsync(cancellationToken)}{(Bus.RefusedMessages > 1 ? $" The same happened to {Bus.RefusedMessages - 1:N0} more." : "")}");
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
        Volatile.Write(ref _said, null);
        if (change.Current == BusState.Reconnecting) Console.Error.WriteLine($"ipcbus: lost the connection to {Url}{(change.Reason is null ? "" : $" ({Reason(change.Reason.Message)})")}; trying to get it back");
        if (change is { Previous: BusState.Reconnecting, Current: BusState.Connected }) Console.Error.WriteLine($"ipcbus: connected to {Url} again{AfterGap}");
    }

    /// <summary>What a text says behind "The connection to ... is lost: ", which stands before it already.</summary>
    private static string Reason(string text) => text.IndexOf(Lost, StringComparison.Ordinal) is >= 0 and var start ? text[(start + Lost.Length)..].TrimEnd('.') : text;

    private void OnNoticed(object? sender, BusNoticeEventArgs notice)
    {
        // Of a request that has timed out, which is told already.
        if (notice.Kind == BusNoticeKind.LateReply) return;
        // What was published without waiting for an answer: told when the bus has all of it.
        if (notice.Kind == BusNoticeKind.NotPublished)
        {
            _refused.TrySetResult(notice.Text);
            return;
        }

        // Why it is not let in again, with every attempt.
        if (notice.Kind == BusNoticeKind.ServerError && Interlocked.Exchange(ref _said, notice.Text) == notice.Text) return;
        if (notice.Kind == BusNoticeKind.MessagesLost) Interlocked.Exchange(ref _lost, 1);
        Console.Error.WriteLine($"ipcbus: {ErrorText.Typed(notice.Text)}");
    }
}
