using System.Buffers;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using Bus.Transport.Channels;

namespace Bus.Transport.JsonLines;

/// <summary>
/// A connection whose client speaks JSON lines. To the bus it speaks NATS: lines become operations of NATS as they are read, and what the bus says becomes lines as it is sent. So
/// limits, back-pressure, names, permissions and the end of a connection are those of every client, and are written once.
/// </summary>
/// <remarks>
/// Three threads may come here at a time: the reader, the connection's actor with what it sends, and whoever completes a send or a timer. One lock holds them apart; within it nobody
/// waits. The reader is also woken when there is something for the bus that no line of the client has brought, such as the answer to a PING.
/// </remarks>
internal sealed class JsonLinesChannel : BusChannel
{
    // Lines that wait for a client to read them, above which none of its own are taken.
    private const int MaxUnsent = 256 * 1024;

    // Operations that wait to be read, above which no more lines are turned into such.
    private const int MaxInbound = 64 * 1024;

    // Answers that the bus owes, and each of which is remembered with its id, above which no more are asked for.
    private const int MaxOwed = 8192;

    // How often it is looked whether a client that has said all it has to say is still there to hear the answers.
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private const int SmallRead = 4 * 1024;
    private const int LargeRead = 64 * 1024;

    private readonly BusChannel _inner;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly ByteQueue _lines = new();
    private readonly JsonLineReader _reader;
    private readonly JsonSession _session;
    private readonly JsonFrames _frames;
    private JsonSender? _sender;
    private CancellationTokenSource? _wake;
    private TaskCompletionSource? _pause;
    private int _readSize = SmallRead;
    private bool _isRead = true;
    private bool _isWaiting;
    private bool _isAlone;
    private Exception? _fault;
    private bool _isDisposed;

    public JsonLinesChannel(BusChannel inner, JsonLimits limits, TimeProvider time)
    {
        (_inner, _time) = (inner, time);
        _reader = new JsonLineReader(limits.MaxLine);
        _session = new JsonSession(_lines, limits, time, Tick);
        _frames = new JsonFrames(_session);
        // A client that has died with its machine says nothing, and is asked nothing unless it wants that.
        inner.KeepAlive();
    }

    public override bool HasCredentials => _inner.HasCredentials;

    public override async ValueTask<int> ReceiveAsync(Memory<byte> room, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Task? pause = null;
            CancellationToken wake = default;
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                if (_fault is not null) ExceptionDispatchInfo.Throw(_fault);
                TakeLines();
                if (_session.Inbound.Length > 0) return Take(room.Span);
                var isIdle = _sender is null || _sender.IsIdle;
                if ((_session.IsOver && isIdle) || (_session.HasInputEnded && (_isAlone || _sender is { HasFailed: true }))) return 0;
                if (_session.HasInputEnded || !_isRead) pause = (_pause = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                else (_isWaiting, wake) = (true, (_wake ??= new CancellationTokenSource()).Token);
            }

            if (pause is null) await ReadAsync(wake);
            else if (_session.HasInputEnded) await WaitForAnswersAsync(pause, cancellationToken);
            else await pause.WaitAsync(cancellationToken);
        }
    }

    public override IChannelSender CreateSender(Action<SocketError> completed) => _sender = new JsonSender(_inner, _gate, _lines, _frames, completed, Changed);

    /// <summary>Who reads the lines to their end sees why; there is no more to say than what was said.</summary>
    public override bool TryEndSending() => _inner.TryEndSending();

    public override void Refuse(ReadOnlyMemory<byte> line)
    {
        lock (_gate)
        {
            _frames.Take(line.Span);
            _isDisposed = true;
            _session.Dispose();
            _inner.Refuse(_lines.Unread.ToArray());
        }
    }

    public override int GetSocketOption(int level, int name, Span<byte> value) => _inner.GetSocketOption(level, name, value);

    public override void Joined(string name)
    {
        lock (_gate)
        {
            _session.Join(name);
            _sender?.Pump();
            Wake();
        }
    }

    public override void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            _session.Dispose();
            _sender?.Abort();
            Wake();
        }

        _inner.Dispose();
    }

    private async ValueTask ReadAsync(CancellationToken wake)
    {
        int count;
        try
        {
            // Until something comes it holds no memory, where the system can wait without.
            await _inner.ReceiveAsync(Memory<byte>.Empty, wake);
            count = await _inner.ReceiveAsync(_reader.GetMemory(_readSize), wake);
        }
        catch (OperationCanceledException) when (wake.IsCancellationRequested)
        {
            return;
        }

        lock (_gate)
        {
            _isWaiting = false;
            _reader.Advance(count);
            _readSize = count >= _readSize ? LargeRead : SmallRead;
            _isRead = count == 0;
            if (count > 0) return;
            _session.EndInput(_reader.Begun);
            _isAlone = _inner.HasPeerGone();
        }
    }

    /// <summary>
    /// Waits until there is more to do. A client whose process has died, if the system has not told so, looks like one that has said all it has to say, until something is sent to it: so it gets a blank, which means
    /// nothing before a line.
    /// </summary>
    private async Task WaitForAnswersAsync(Task pause, CancellationToken cancellationToken)
    {
        await pause.WaitAsync(Glance, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (pause.IsCompleted) return;
        lock (_gate)
        {
            if (_sender is not { IsIdle: true }) return;
            _lines.Write(" "u8);
            _sender.Pump();
        }
    }

    /// <summary>Turns lines that have come into operations, as long as the client reads what it is told, and the bus takes what it says.</summary>
    private void TakeLines()
    {
        // Again when what was to be said to the client is out.
        do
        {
            while (MayTake)
            {
                var status = _reader.Read(out var line);
                _isRead = status == JsonLineStatus.NeedsMore;
                if (status == JsonLineStatus.Line) _session.Take(line);
                else if (status == JsonLineStatus.TooLong) _session.TakeTooLong();
            }

            _sender?.Pump();
        }
        while (MayTake);
        _reader.Rest();
    }

    private bool MayTake => !_isRead && !_session.HasInputEnded && !_session.IsHeld && _lines.Length < MaxUnsent && _session.Inbound.Length < MaxInbound && _session.Owed < MaxOwed;

    private int Take(Span<byte> room)
    {
        var count = Math.Min(room.Length, _session.Inbound.Length);
        _session.Inbound.Unread[..count].CopyTo(room);
        _session.Inbound.Consume(count);
        _session.Inbound.Rest();
        return count;
    }

    /// <summary>The time of a request may be over. Called by a timer.</summary>
    private void Tick()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _session.Tick();
            _sender?.Pump();
        }
    }

    /// <summary>What the bus says has been turned into lines, or could not be, and lines may be out.</summary>
    private void Changed(Exception? fault)
    {
        _fault ??= fault;
        Wake();
    }

    /// <summary>Lets the reader look again.</summary>
    private void Wake()
    {
        _pause?.TrySetResult();
        _pause = null;
        if (!_isWaiting || !(_isDisposed || _fault is not null || _session.Inbound.Length > 0 || _session.IsOver)) return;
        _isWaiting = false;
        _wake?.Cancel();
        _wake = null;
    }
}
