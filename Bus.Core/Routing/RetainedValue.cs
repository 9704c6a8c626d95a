using System.Globalization;
using System.Text;

namespace Bus.Core.Routing;

/// <summary>
/// The last value of a topic, in bytes of its own, and the header that marks it for those who come late. A topic may keep every message, and hardly any is ever asked
/// for: so the mark is written when one is.
/// </summary>
internal sealed class RetainedValue
{
    /// <summary>The header that tells a value that was kept from one that is published now. Its value is when it was published.</summary>
    public const string Header = "Bus-Retained";

    // Name, colon and blank, the time as text, and the end of the line.
    private const int MarkLength = 12 + 2 + 33 + 2;

    private readonly byte[] _message;

    // Of the message, what stands before the mark: its header block without the empty line at its end. Zero: it has no block, or none that ends as it should.
    private readonly int _head;
    private readonly int _payloadStart;

    /// <param name="topic">Its topic, which is kept as it is.</param>
    /// <param name="headers">The header block that it was published with; may be empty.</param>
    /// <param name="payload">Its payload.</param>
    /// <param name="since">When it was published.</param>
    /// <param name="number">The order in which values were kept.</param>
    public RetainedValue(byte[] topic, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload, DateTimeOffset since, long number)
    {
        (Topic, Since, Number, _payloadStart) = (topic, since, number, headers.Length);
        // What a client sent need not be well-formed.
        _head = headers.EndsWith("\r\n\r\n"u8) ? headers.Length - LineEnd.Length : 0;
        _message = new byte[headers.Length + payload.Length];
        headers.CopyTo(_message);
        payload.CopyTo(_message.AsSpan(headers.Length));
    }

    private static ReadOnlySpan<byte> FirstLine => "NATS/1.0\r\n"u8;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    public byte[] Topic { get; }

    /// <summary>Bytes of the header block, with the mark.</summary>
    public int HeaderLength => (_head > 0 ? _head : FirstLine.Length) + MarkLength + LineEnd.Length;

    public DateTimeOffset Since { get; }

    /// <summary>The order in which values were kept.</summary>
    public long Number { get; }

    public int PayloadLength => _message.Length - _payloadStart;

    /// <summary>Bytes of header block and payload.</summary>
    public int BodyLength => HeaderLength + PayloadLength;

    /// <summary>What it counts, in bytes.</summary>
    public int Size => Topic.Length + BodyLength;

    /// <summary>Writes header block and payload.</summary>
    /// <param name="target">At least <see cref="BodyLength"/> bytes.</param>
    public void Write(Span<byte> target)
    {
        var head = _head > 0 ? _message.AsSpan(0, _head) : FirstLine;
        head.CopyTo(target);
        target = target[head.Length..];
        Encoding.ASCII.GetBytes($"{Header}: ", target);
        Since.TryFormat(target[(Header.Length + 2)..], out _, "O", CultureInfo.InvariantCulture);
        LineEnd.CopyTo(target[(MarkLength - LineEnd.Length)..]);
        LineEnd.CopyTo(target[MarkLength..]);
        _message.AsSpan(_payloadStart).CopyTo(target[(MarkLength + LineEnd.Length)..]);
    }
}
