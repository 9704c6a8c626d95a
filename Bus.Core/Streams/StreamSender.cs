using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Core.Messages;

namespace Bus.Core.Streams;

/// <summary>What one side of a stream sends: items as far as there is credit for them, an end, and what the reader tells the other side. Thread-safe.</summary>
/// <param name="bus">The bus.</param>
/// <param name="topic">Service and method, for errors.</param>
/// <param name="inbox">Where this side gets answers.</param>
internal sealed class StreamSender(BusFacade bus, string topic, string inbox)
{
    private readonly Lock _lock = new();
    private readonly SendCredit _credit = new();
    private TaskCompletionSource? _granted;
    private string? _peer;
    private bool _hasEnded;

    /// <summary>How many items were sent when the credit was used up, of one that waits for more. Null: it does not.</summary>
    public long? HeldAt
    {
        get
        {
            lock (_lock) return _granted is null ? null : _credit.Sent;
        }
    }

    /// <summary>The other side is known: from now on something can be sent.</summary>
    /// <exception cref="StreamBrokenException">It does not say where to, or it is no inbox: what is sent here must not be sent to others in its name.</exception>
    public void Connect(BusHeaders headers)
    {
        var peer = headers[StreamHeaders.Inbox];
        if (peer is null || !StreamHeaders.IsInbox(peer)) throw new StreamBrokenException(topic, $"the other side names no inbox to send to: '{peer}' in {StreamHeaders.Inbox} is to be a topic that begins with '_INBOX.'");
        lock (_lock) _peer = peer;
        Grant(headers);
    }

    /// <summary>The reader allows more.</summary>
    public void Grant(BusHeaders headers)
    {
        if (StreamHeaders.Read(headers, StreamHeaders.Items) is not { } items || StreamHeaders.Read(headers, StreamHeaders.Bytes) is not { } bytes) return;
        lock (_lock)
        {
            _credit.Grant(items, bytes);
            if (!_credit.IsGranted) return;
            _granted?.TrySetResult();
            _granted = null;
        }
    }

    /// <summary>Sends items until there are no more. Each is asked for when there is credit for it, so that a slow reader slows down whatever they come from.</summary>
    /// <param name="items">The items.</param>
    /// <param name="patience">How long to wait for credit. Null: for as long as it takes.</param>
    /// <param name="cancellationToken">Cancels the enumeration.</param>
    public async Task SendAsync<T>(IAsyncEnumerable<T> items, TimeSpan? patience, CancellationToken cancellationToken)
    {
        await using var source = items.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            await GrantedAsync(patience, cancellationToken);
            if (!await source.MoveNextAsync()) return;
            await SendAsync(source.Current, cancellationToken);
        }
    }

    /// <summary>Sends the end of the items, behind which nothing more is sent.</summary>
    /// <param name="error">Why there are no more. Null: those were all.</param>
    public async Task EndAsync(Answer? error)
    {
        var headers = error is null ? new BusHeaders() : ErrorHeaders.Create(error.Text!, error.Code, error.Error);
        string? peer;
        lock (_lock)
        {
            _hasEnded = true;
            peer = _peer;
            (headers[StreamHeaders.Kind], headers[StreamHeaders.Number]) = (StreamHeaders.End, StreamHeaders.Write(_credit.Sent + 1));
        }

        if (peer is not null) await bus.PublishAsync(peer, ErrorHeaders.Detail(error?.Detail, headers, bus.MaxPayload), new PublishOptions { Headers = headers });
    }

    /// <summary>Tells the other side something that is no item. If the bus is away, the stream hears of that anyway.</summary>
    public async Task TellAsync(string kind, (long Items, long Bytes)? credit = null)
    {
        string? peer;
        lock (_lock) peer = _peer;
        if (peer is null) return;
        var headers = new BusHeaders { [StreamHeaders.Kind] = kind };
        if (credit is { } given) (headers[StreamHeaders.Items], headers[StreamHeaders.Bytes]) = (StreamHeaders.Write(given.Items), StreamHeaders.Write(given.Bytes));
        try
        {
            // Who wants no more wants no answer either.
            await bus.PublishAsync(peer, ReadOnlyMemory<byte>.Empty, new PublishOptions { Headers = headers, ReplyTo = kind == StreamHeaders.Stop ? null : inbox });
        }
        catch (BusException)
        {
            // See the summary.
        }
    }

    private async Task SendAsync<T>(T item, CancellationToken cancellationToken)
    {
        var (payload, contentType) = Payloads.Encode(item, bus.Codec);
        var headers = new BusHeaders { [StreamHeaders.Kind] = StreamHeaders.Item, [ContentHeaders.Type] = contentType };
        string peer;
        lock (_lock)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // The caller has been told that it is over, whatever a handler does that did not listen to its token.
            if (_hasEnded) throw new OperationCanceledException($"The stream of '{topic}' is over.");
            peer = _peer!;
            headers[StreamHeaders.Number] = StreamHeaders.Write(_credit.Take(payload.Length));
        }

        await bus.PublishAsync(peer, payload, new PublishOptions { Headers = headers, ReplyTo = inbox }, cancellationToken);
    }

    private async ValueTask GrantedAsync(TimeSpan? patience, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task granted;
        lock (_lock)
        {
            if (_credit.IsGranted) return;
            _granted ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            granted = _granted.Task;
        }

        try
        {
            await granted.WaitAsync(patience ?? Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new RequestTimeoutException(topic, patience!.Value);
        }
    }
}
