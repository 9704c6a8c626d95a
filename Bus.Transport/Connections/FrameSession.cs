using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>How far <see cref="FrameSession.Consume"/> came.</summary>
internal enum SessionProgress
{
    /// <summary>Every complete frame is consumed.</summary>
    NeedsMore,

    /// <summary>The next frame must not be consumed before the outstanding registrations are visible.</summary>
    MustWait,

    /// <summary>The protocol is broken: nothing more is read.</summary>
    Ended,
}

/// <summary>
/// What a <see cref="SocketReader"/> feeds: the bus's side of a client, or the client's side of a bus. It takes every complete
/// frame of a read, then tells what came of them.
/// </summary>
internal abstract class FrameSession(NatsRules rules)
{
    // Who may take frames: the reader while it does, nobody when the intake has ended.
    private const int Resting = 0;
    private const int Taking = 1;
    private const int TakingLast = 2;
    private const int Ended = 3;

    private int _intake;
    private volatile bool _heard;
    private volatile bool _hasSpoken;
    private volatile bool _isRefused;

    /// <summary>Bytes on their way; the reader waits here when they are too many.</summary>
    public abstract Gate Credit { get; }

    /// <summary>Subscriptions told to the connection actor and not yet visible; the reader waits here after <see cref="SessionProgress.MustWait"/>. Only a bus has any.</summary>
    public Gate Registrations { get; } = new(0);

    /// <summary>Whether a complete frame was ever received: half a CONNECT is no word. Read by the connection actor.</summary>
    public bool HasSpoken => _hasSpoken;

    /// <summary>The peer may not take part: nothing more of it is read. Set by the connection actor, read by who waits for <see cref="Registrations"/>.</summary>
    public bool IsRefused
    {
        get => _isRefused;
        set => _isRefused = value;
    }

    /// <summary>Whether the reader is taking frames, or waits for something else than the peer: there may be more of it than was heard.</summary>
    public bool IsHeldUp => Volatile.Read(ref _intake) != Resting || !Credit.IsOpen || !Registrations.IsOpen;

    /// <summary>Whether anything was received since the last call. Called by the connection actor.</summary>
    public bool TakeHeard()
    {
        var heard = _heard;
        _heard = false;
        return heard;
    }

    /// <summary>Consumes every complete frame of the buffer, then tells what came of them.</summary>
    /// <param name="buffer">What was read.</param>
    /// <param name="needed">Bytes of the incomplete frame at the end, or 0 when not known.</param>
    public SessionProgress Consume(ReadBuffer buffer, out int needed)
    {
        needed = 0;
        if (Interlocked.CompareExchange(ref _intake, Taking, Resting) != Resting)
        {
            // Read and thrown away: a socket that is closed with something unread takes what it still has to send with it.
            buffer.Consume(buffer.Length);
            return SessionProgress.NeedsMore;
        }

        if (!_heard) _heard = true;
        var unread = buffer.Length;
        var progress = SessionProgress.NeedsMore;
        while (buffer.Length > 0 && Volatile.Read(ref _intake) == Taking)
        {
            var input = buffer.Unparsed;
            var result = NatsParser.Parse(input, rules, out var frame);
            if (result.Status == NatsParseStatus.Incomplete)
            {
                needed = result.Needed;
                break;
            }

            if (result.Status == NatsParseStatus.Invalid)
            {
                progress = Fault(result.Error!);
                break;
            }

            progress = Handle(buffer, input, frame);
            if (progress == SessionProgress.MustWait) break;
            buffer.Consume(frame.Consumed);
            if (progress == SessionProgress.Ended) break;
        }

        if (buffer.Length < unread && !_hasSpoken) _hasSpoken = true;
        Flush();
        if (Interlocked.CompareExchange(ref _intake, Resting, Taking) == Taking) return progress;
        Volatile.Write(ref _intake, Ended);
        End();
        buffer.Consume(buffer.Length);
        return SessionProgress.NeedsMore;
    }

    /// <summary>Takes no frame more, from now on or behind the one that is being taken. <see cref="End"/> is called when that is so. Called once, by the connection actor.</summary>
    public void EndIntake()
    {
        if (Interlocked.CompareExchange(ref _intake, Ended, Resting) == Resting) End();
        else Interlocked.CompareExchange(ref _intake, TakingLast, Taking);
    }

    /// <summary>Called behind <see cref="Consume"/>, also when that has failed: what others could wait for is theirs again.</summary>
    public virtual void LetGo()
    {
    }

    /// <summary>The reader is done, or takes nothing more. May be called twice.</summary>
    public abstract void End();

    /// <summary>Takes one frame, whose bytes are still in the buffer.</summary>
    protected abstract SessionProgress Handle(ReadBuffer buffer, ReadOnlySpan<byte> input, in NatsFrame frame);

    /// <summary>What follows is not of the protocol.</summary>
    protected abstract SessionProgress Fault(NatsError error);

    /// <summary>Tells what came of the frames.</summary>
    protected abstract void Flush();

    /// <summary>The places of a message in the buffer's slab.</summary>
    protected static BatchEntry Entry(ReadBuffer buffer, in NatsFrame frame)
    {
        var start = buffer.Start;
        return new BatchEntry
        {
            TopicOffset = start + frame.Subject.Offset,
            TopicLength = frame.Subject.Length,
            ReplyOffset = start + frame.ReplyTo.Offset,
            ReplyLength = frame.ReplyTo.Length,
            BodyOffset = start + frame.BodyOffset,
            BodyLength = frame.BodyLength,
            HeaderLength = frame.HeaderLength,
        };
    }
}
