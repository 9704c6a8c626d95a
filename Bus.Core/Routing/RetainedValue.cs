using System.Globalization;
using System.Text;

namespace Bus.Core.Routing;

/// <summary>The last value of a topic, in bytes of its own, with the header that marks it for those who come late.</summary>
internal sealed class RetainedValue
{
    /// <summary>The header that tells a value that was kept from one that is published now. Its value is when it was published.</summary>
    public const string Header = "Bus-Retained";

    private static ReadOnlySpan<byte> FirstLine => "NATS/1.0\r\n"u8;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    public RetainedValue(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload, DateTimeOffset since, long number)
    {
        (Since, Number) = (since, number);
        Topic = topic.ToArray();
        var mark = Encoding.ASCII.GetBytes($"{Header}: {since.ToString("O", CultureInfo.InvariantCulture)}\r\n");
        // A block ends with an empty line, before which the mark goes. What a client sent need not be well-formed.
        var before = headers.EndsWith("\r\n\r\n"u8) ? headers[..^LineEnd.Length] : FirstLine;
        HeaderLength = before.Length + mark.Length + LineEnd.Length;
        Body = [.. before, .. mark, .. LineEnd, .. payload];
    }

    public byte[] Topic { get; }

    /// <summary>Header block and payload.</summary>
    public byte[] Body { get; }

    public int HeaderLength { get; }

    public DateTimeOffset Since { get; }

    /// <summary>The order in which values were kept.</summary>
    public long Number { get; }

    public int PayloadLength => Body.Length - HeaderLength;

    /// <summary>What it counts, in bytes.</summary>
    public int Size => Topic.Length + Body.Length;
}
