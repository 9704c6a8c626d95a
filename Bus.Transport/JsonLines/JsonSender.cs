using System.Buffers;
using System.Net.Sockets;
using Bus.Transport.Channels;

namespace Bus.Transport.JsonLines;

/// <summary>
/// Sends the lines of a client, one send at a time. What the connection hands over is turned into lines piece by piece, the next one when there is room, so that a client that reads
/// slowly holds no more than a few pieces here; until the last of them is sent it is the connection that keeps the rest, counts it and does something about it.
/// </summary>
internal sealed class JsonSender : IChannelSender
{
    // Lines from which nothing more is turned into lines until they are sent.
    private const int Enough = 64 * 1024;

    private readonly Lock _gate;
    private readonly ByteQueue _lines;
    private readonly JsonFrames _frames;
    private readonly IChannelSender _inner;
    private readonly Action<SocketError> _completed;
    private readonly Action<Exception?> _changed;
    private readonly List<ArraySegment<byte>> _sending = new(1);
    private List<ArraySegment<byte>>? _pieces;
    private int _next;
    private bool _isSending;
    private bool _isOwed;
    private bool _isDisposed;
    private SocketError _outcome = SocketError.Success;

    /// <param name="inner">The connection's own channel.</param>
    /// <param name="gate">Of the channel.</param>
    /// <param name="lines">What is to be sent.</param>
    /// <param name="frames">Turns what the connection says into lines.</param>
    /// <param name="completed">Told the outcome of a send that had to wait.</param>
    /// <param name="changed">Told, within the lock, that this has gone on, or what went wrong with it.</param>
    public JsonSender(BusChannel inner, Lock gate, ByteQueue lines, JsonFrames frames, Action<SocketError> completed, Action<Exception?> changed)
    {
        (_gate, _lines, _frames, _completed, _changed) = (gate, lines, frames, completed, changed);
        _inner = inner.CreateSender(Sent);
    }

    /// <summary>Nothing waits to be sent. Called within the lock.</summary>
    public bool IsIdle => !_isSending && _lines.Length == 0;

    /// <summary>The client cannot be reached any more. Called within the lock.</summary>
    public bool HasFailed => _outcome != SocketError.Success;

    public SocketError? Send(List<ArraySegment<byte>> pieces)
    {
        lock (_gate)
        {
            (_pieces, _next) = (pieces, 0);
            Pump();
            if (_pieces is null) return _outcome;
            _isOwed = true;
            return null;
        }
    }

    /// <summary>Sends what is there. Called within the lock.</summary>
    public void Pump()
    {
        while (!_isSending && !_isDisposed)
        {
            var fault = Translate();
            _changed(fault);
            if (_outcome != SocketError.Success || _lines.Length == 0)
            {
                _pieces = null;
                return;
            }

            _isSending = true;
            _sending.Add(_lines.Detach());
            // It may call back before it returns.
            if (_inner.Send(_sending) is { } outcome) Take(outcome);
        }
    }

    /// <summary>Nothing is sent any more. Called within the lock.</summary>
    public void Abort()
    {
        if (_outcome == SocketError.Success) _outcome = SocketError.OperationAborted;
    }

    public void Dispose()
    {
        lock (_gate) _isDisposed = true;
        _inner.Dispose();
    }

    private void Sent(SocketError outcome)
    {
        bool isOver;
        lock (_gate)
        {
            Take(outcome);
            Pump();
            isOver = _isOwed && _pieces is null;
            if (isOver) _isOwed = false;
        }

        if (isOver) _completed(_outcome);
    }

    private void Take(SocketError outcome)
    {
        _isSending = false;
        if (_sending[0].Array is { Length: > 0 } array) ArrayPool<byte>.Shared.Return(array);
        _sending.Clear();
        if (outcome != SocketError.Success) _outcome = outcome;
    }

    /// <returns>What went wrong. It is the reader that fails with it, and its actor: here it would be the thread of somebody else.</returns>
    private Exception? Translate()
    {
        try
        {
            while (_outcome == SocketError.Success && _lines.Length < Enough)
            {
                if (_frames.Continue()) continue;
                if (_pieces is null || _next == _pieces.Count) break;
                _frames.Take(_pieces[_next++]);
            }

            return null;
        }
        catch (Exception e)
        {
            Abort();
            return e;
        }
    }
}
