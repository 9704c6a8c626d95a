using System.Text;

namespace Bus.Transport.Nats;

/// <summary>
/// Writes the heads and lines of the protocol into a span and returns the count of bytes. Pure: the caller reserves room with the <c>Max...Length</c> of the same verb and
/// copies body and <see cref="LineEnd"/> itself, for a body may come from another buffer. Arguments are not checked: what comes here was parsed or validated before.
/// </summary>
internal static class NatsWriter
{
    /// <summary>Digits of the largest length.</summary>
    private const int MaxDigits = 10;

    private const int MaxLongDigits = 19;

    public static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    public static ReadOnlySpan<byte> Ping => "PING\r\n"u8;

    public static ReadOnlySpan<byte> Pong => "PONG\r\n"u8;

    public static ReadOnlySpan<byte> Ok => "+OK\r\n"u8;

    /// <summary>Room for the head of MSG or HMSG.</summary>
    public static int MaxMsgHeadLength(int subject, int sid, int replyTo) => "HMSG "u8.Length + subject + 1 + sid + 1 + replyTo + 1 + MaxDigits + 1 + MaxDigits + LineEnd.Length;

    /// <summary>Room for the head of PUB or HPUB.</summary>
    public static int MaxPubHeadLength(int subject, int replyTo) => "HPUB "u8.Length + subject + 1 + replyTo + 1 + MaxDigits + 1 + MaxDigits + LineEnd.Length;

    public static int MaxSubLength(int filter, int queue, int sid) => "SUB "u8.Length + filter + 1 + queue + 1 + sid + LineEnd.Length;

    public static int MaxUnsubLength(int sid) => "UNSUB "u8.Length + sid + 1 + MaxLongDigits + LineEnd.Length;

    public static int MaxErrLength(int text) => "-ERR ''"u8.Length + text + LineEnd.Length;

    /// <summary>Head of MSG, or of HMSG when <paramref name="headerLength"/> is not 0. <paramref name="bodyLength"/> counts header block and payload.</summary>
    public static int WriteMsgHead(Span<byte> target, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> sid, ReadOnlySpan<byte> replyTo, int headerLength, int bodyLength)
    {
        var at = Put(target, 0, headerLength == 0 ? "MSG "u8 : "HMSG "u8);
        at = PutArgument(target, at, subject);
        at = PutArgument(target, at, sid);
        return PutLengths(target, at, replyTo, headerLength, bodyLength);
    }

    /// <summary>Head of PUB, or of HPUB when <paramref name="headerLength"/> is not 0. <paramref name="bodyLength"/> counts header block and payload.</summary>
    public static int WritePubHead(Span<byte> target, ReadOnlySpan<byte> subject, ReadOnlySpan<byte> replyTo, int headerLength, int bodyLength)
    {
        var at = Put(target, 0, headerLength == 0 ? "PUB "u8 : "HPUB "u8);
        at = PutArgument(target, at, subject);
        return PutLengths(target, at, replyTo, headerLength, bodyLength);
    }

    public static int WriteSub(Span<byte> target, ReadOnlySpan<byte> filter, ReadOnlySpan<byte> queue, ReadOnlySpan<byte> sid)
    {
        var at = Put(target, 0, "SUB "u8);
        at = PutArgument(target, at, filter);
        if (!queue.IsEmpty) at = PutArgument(target, at, queue);
        at = Put(target, at, sid);
        return Put(target, at, LineEnd);
    }

    /// <summary>UNSUB; <paramref name="max"/> 0 ends the subscription now.</summary>
    public static int WriteUnsub(Span<byte> target, ReadOnlySpan<byte> sid, long max)
    {
        var at = Put(target, 0, "UNSUB "u8);
        at = Put(target, at, sid);
        if (max > 0)
        {
            target[at++] = (byte)' ';
            at = PutNumber(target, at, max);
        }

        return Put(target, at, LineEnd);
    }

    /// <summary>-ERR. Line breaks in the text, which would end the line early, become blanks.</summary>
    public static int WriteErr(Span<byte> target, string text)
    {
        var at = Put(target, 0, "-ERR '"u8);
        var written = Encoding.UTF8.GetBytes(text, target[at..]);
        target.Slice(at, written).Replace((byte)'\r', (byte)' ');
        target.Slice(at, written).Replace((byte)'\n', (byte)' ');
        at += written;
        return Put(target, at, "'\r\n"u8);
    }

    private static int PutLengths(Span<byte> target, int at, ReadOnlySpan<byte> replyTo, int headerLength, int bodyLength)
    {
        if (!replyTo.IsEmpty) at = PutArgument(target, at, replyTo);
        if (headerLength != 0)
        {
            at = PutNumber(target, at, headerLength);
            target[at++] = (byte)' ';
        }

        at = PutNumber(target, at, bodyLength);
        return Put(target, at, LineEnd);
    }

    private static int PutArgument(Span<byte> target, int at, ReadOnlySpan<byte> bytes)
    {
        at = Put(target, at, bytes);
        target[at] = (byte)' ';
        return at + 1;
    }

    private static int Put(Span<byte> target, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target[at..]);
        return at + bytes.Length;
    }

    private static int PutNumber(Span<byte> target, int at, long value)
    {
        // Nearly always the length of a small message: no call, no table.
        if ((ulong)value < 1000)
        {
            var small = (uint)value;
            if (small >= 100) target[at++] = (byte)('0' + (small / 100));
            if (small >= 10) target[at++] = (byte)('0' + (small / 10 % 10));
            target[at++] = (byte)('0' + (small % 10));
            return at;
        }

        if (!value.TryFormat(target[at..], out var written)) throw new ArgumentException($"No room for the number {value}: the target has {target.Length} bytes.", nameof(target));
        return at + written;
    }
}
