using System.Threading.Channels;
using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Core.Messages;

namespace Bus.Core.Streams;

/// <summary>
/// One side of a stream, the caller's or the service's: an inbox of its own, the items that it sends and those that it gets. What comes is sorted in the subscription's handler, which
/// never waits; what is to be read lies in a channel that the credit keeps small. Thread-safe.
/// </summary>
/// <typeparam name="T">What the items that come are read as.</typeparam>
internal sealed class StreamLink<T> : IAsyncDisposable
{
    private const long NotStuck = -1;

    private readonly string _topic;
    private readonly bool _isCaller;
    private readonly Lock _lock = new();
    private readonly ReadWindow _window;
    private readonly StreamSender _sender;
    private readonly StreamWatch _watch;
    private readonly Channel<BusMessage<T>> _items = Channel.CreateUnbounded<BusMessage<T>>();
    private readonly CancellationTokenSource _stopped = new();
    private readonly TimeSpan _idle;
    private bool _isOver;
    private bool _hasEnded;
    private int _reading;
    private long _stuckAt = NotStuck;

    /// <param name="bus">The bus.</param>
    /// <param name="topic">Service and method, for errors.</param>
    /// <param name="window">What of the items that come may wait.</param>
    /// <param name="isCaller">Whether this side has called.</param>
    /// <param name="idle">How long a caller may read nothing while its bus is drained. Null: as long as usual.</param>
    public StreamLink(BusFacade bus, string topic, StreamWindow window, bool isCaller, TimeSpan? idle = null)
    {
        _idle = idle ?? StreamWatch.DrainPatience;
        (_topic, _isCaller, _window) = (topic, isCaller, new ReadWindow(window));
        _sender = new StreamSender(bus, topic, Inbox);
        _watch = new StreamWatch(bus, topic, Inbox, Fail, Ping) { Lost = isCaller ? new ResponderLostException(topic) : new StreamBrokenException(topic, "its caller has left the bus"), Draining = isCaller ? EndIfStuckAsync : null, Patience = _idle };
    }

    /// <summary>Where the other side sends to.</summary>
    public string Inbox { get; } = $"_INBOX.{RandomName.Hex(20)}.stream";

    /// <summary>Cancelled when nothing more can be sent: the reader wants no more, or is gone.</summary>
    public CancellationToken Stopped => _stopped.Token;

    /// <summary>The other side has said that it wants no more.</summary>
    public bool IsUnwanted { get; private set; }

    /// <summary>The credit to begin with.</summary>
    public (long Items, long Bytes) FirstCredit()
    {
        lock (_lock) return _window.Grant();
    }

    /// <summary>Opens the inbox.</summary>
    public Task OpenAsync(CancellationToken cancellationToken) => _watch.StartAsync<T>(Arrived, cancellationToken);

    /// <summary>The other side is known: from now on something can be sent.</summary>
    /// <param name="headers">Of the call, or of the answer that takes it on.</param>
    /// <param name="name">The name of the other side on the bus. Null: it has not said.</param>
    /// <exception cref="StreamBrokenException">It does not say what it has to.</exception>
    public void Connect(BusHeaders headers, string? name)
    {
        _sender.Connect(headers);
        _watch.PeerName = name;
    }

    /// <inheritdoc cref="StreamSender.SendAsync{T}(IAsyncEnumerable{T}, TimeSpan?, CancellationToken)" />
    public Task SendAsync<TItem>(IAsyncEnumerable<TItem> items, TimeSpan? patience, CancellationToken cancellationToken) => _sender.SendAsync(items, patience, cancellationToken);

    /// <inheritdoc cref="StreamSender.EndAsync" />
    public Task EndAsync(Answer? error)
    {
        // The caller waits for the answers behind it.
        lock (_lock) _isOver |= !_isCaller;
        return _sender.EndAsync(error);
    }

    /// <summary>Waits for the next item.</summary>
    /// <returns>Null: there are no more.</returns>
    public async ValueTask<BusMessage<T>?> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        BusMessage<T>? item;
        bool isDue;
        Interlocked.Increment(ref _reading);
        try
        {
            while (!_items.Reader.TryRead(out item))
            {
                if (!await _items.Reader.WaitToReadAsync(cancellationToken)) return null;
            }

            lock (_lock)
            {
                _window.Take(item.Payload.Length);
                isDue = _window.IsDue && !_hasEnded;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _reading);
        }

        if (isDue) await CreditAsync();
        return item;
    }

    /// <summary>
    /// Whether nothing has moved since this was asked before: at the caller, because nobody reads; at the service, because there is no credit. Somebody may have left the
    /// stream lying, and the other side cannot tell that from one who takes its time.
    /// </summary>
    public bool IsStuck()
    {
        lock (_lock)
        {
            var before = _stuckAt;
            _stuckAt = _isCaller ? (Volatile.Read(ref _reading) == 0 ? _window.Taken : NotStuck) : _sender.HeldAt ?? NotStuck;
            return _stuckAt != NotStuck && _stuckAt == before;
        }
    }

    /// <summary>Whoever reads wants no more.</summary>
    public async Task StopReadingAsync()
    {
        lock (_lock)
        {
            if (_hasEnded) return;
            _hasEnded = true;
        }

        _items.Writer.TryComplete();
        await _sender.TellAsync(StreamHeaders.Stop);
    }

    /// <summary>It ends here, with this error for whoever reads. Only the first one counts.</summary>
    public void Fail(Exception error)
    {
        lock (_lock)
        {
            if (_isOver) return;
            _isOver = true;
        }

        _items.Writer.TryComplete(error);
        _ = _stopped.CancelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        lock (_lock) _isOver = true;
        // A handler may still read, beside the answers that have ended: what is missing must not look like the end.
        _items.Writer.TryComplete(new OperationCanceledException($"The stream of '{_topic}' is over."));
        try
        {
            // What listens to the token may be anybody's, and throw.
            await _stopped.CancelAsync();
        }
        finally
        {
            await _watch.DisposeAsync();
        }
    }

    private async Task EndIfStuckAsync()
    {
        if (!IsStuck()) return;
        Fail(new BusClosedException($"The stream of '{_topic}' was ended, because the bus was to close and nothing of it had been read for {_idle.TotalSeconds:0.###} s.", _topic));
        await StopReadingAsync();
        await DisposeAsync();
    }

    private void Arrived(BusMessage<T> message)
    {
        if (message.Status == StreamWatch.NobodyThere) _watch.PeerIsGone();
        else if (message.Topic != Inbox) _watch.Left(message.Topic);
        else if (message.HasHeaders) Arrived(message, message.Headers);
    }

    private void Arrived(BusMessage<T> message, BusHeaders headers)
    {
        switch (headers[StreamHeaders.Kind])
        {
            case StreamHeaders.Item:
                Received(message, StreamHeaders.Read(headers, StreamHeaders.Number) ?? 0);
                break;
            case StreamHeaders.End:
                Ended(message, StreamHeaders.Read(headers, StreamHeaders.Number) ?? 0);
                break;
            case StreamHeaders.Credit:
                _sender.Grant(headers);
                break;
            case StreamHeaders.Stop:
                IsUnwanted = true;
                _ = _stopped.CancelAsync();
                break;
            case StreamHeaders.Gone:
                Fail(_watch.Lost);
                break;
        }
    }

    private void Received(BusMessage<T> message, long number)
    {
        string? wrong;
        long size;
        try
        {
            size = message.Payload.Length;
        }
        catch (BusException e)
        {
            // It was compressed, and cannot be decompressed.
            Fail(e);
            return;
        }

        lock (_lock)
        {
            if (_hasEnded) return;
            wrong = _window.Receive(number, size);
        }

        if (wrong is null) _items.Writer.TryWrite(message);
        else Fail(new StreamBrokenException(_topic, wrong));
    }

    private void Ended(BusMessage<T> message, long number)
    {
        // What is missing before an error is missing because of it.
        Exception? error = ErrorReplies.Read(message, _topic);
        lock (_lock)
        {
            if (_hasEnded) return;
            _hasEnded = true;
            if (error is null && _window.End(number) is { } wrong) error = new StreamBrokenException(_topic, wrong);
            // Nothing comes behind the last answer; behind what a caller has sent, all of the answers.
            _isOver |= _isCaller;
        }

        _items.Writer.TryComplete(error);
        if (_isCaller) _ = _stopped.CancelAsync();
    }

    /// <summary>Now and then, whatever happens: a credit that was lost is given again, and if the other side is gone although nobody has told so, the bus says it.</summary>
    private void Ping()
    {
        bool isReading;
        lock (_lock) isReading = !_hasEnded;
        _ = isReading ? CreditAsync() : _sender.TellAsync(StreamHeaders.Ping);
    }

    private Task CreditAsync()
    {
        (long Items, long Bytes) credit;
        lock (_lock) credit = _window.Grant();
        return _sender.TellAsync(StreamHeaders.Credit, credit);
    }
}
