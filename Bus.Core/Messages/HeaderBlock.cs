using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Bus.Core.Messages;

/// <summary>
/// The header block as it goes over the wire and lies in a batch: <c>NATS/1.0[ status[ description]]</c>, one line per
/// value, an empty line. Reading takes whatever a peer sent and never throws: lines without a colon are skipped, bytes that
/// are no UTF-8 become replacement characters.
/// </summary>
internal static class HeaderBlock
{
    private static ReadOnlySpan<byte> Version => "NATS/1.0"u8;

    private static ReadOnlySpan<byte> LineEnd => "\r\n"u8;

    /// <summary>The header by which our clients mark a request whose loss they want to hear of.</summary>
    private static ReadOnlySpan<byte> RequestMark => "Bus-Request: 1\r\n"u8;

    /// <summary>Bytes that <see cref="Write"/> needs. Zero for no headers.</summary>
    public static int Measure(BusHeaders? headers, bool isRequest = false, int lines = 0)
    {
        if ((headers is null || headers.Count == 0) && !isRequest && lines == 0) return 0;
        var length = Version.Length + LineEnd.Length + LineEnd.Length + (isRequest ? RequestMark.Length : 0) + lines;
        if (headers is null) return length;
        foreach (var (name, value) in headers) length += Encoding.UTF8.GetByteCount(name) + ": "u8.Length + Encoding.UTF8.GetByteCount(value) + LineEnd.Length;
        return length;
    }

    /// <summary>Writes the block, or nothing when there are no headers.</summary>
    /// <param name="headers">What the user gave.</param>
    /// <param name="target">Has room for what <see cref="Measure"/> says.</param>
    /// <param name="isRequest">Whether it is marked as a request.</param>
    /// <param name="type">A line of its own behind the headers, with its end. Empty: none.</param>
    /// <param name="encoding">Another.</param>
    /// <returns>Bytes written.</returns>
    public static int Write(BusHeaders? headers, Span<byte> target, bool isRequest = false, ReadOnlySpan<byte> type = default, ReadOnlySpan<byte> encoding = default)
    {
        if ((headers is null || headers.Count == 0) && !isRequest && type.IsEmpty && encoding.IsEmpty) return 0;
        var at = Put(target, 0, Version);
        at = Put(target, at, LineEnd);
        if (headers is not null) at = Put(target, at, headers);
        at = Put(target, at, type);
        at = Put(target, at, encoding);
        if (isRequest) at = Put(target, at, RequestMark);
        return Put(target, at, LineEnd);
    }

    public static byte[] Encode(BusHeaders? headers)
    {
        var block = new byte[Measure(headers)];
        Write(headers, block);
        return block;
    }

    /// <summary>The headers of a block; <paramref name="description"/> is what stands behind the status on its first line.</summary>
    public static BusHeaders Decode(ReadOnlySpan<byte> block, out string description)
    {
        var headers = new BusHeaders();
        description = "";
        if (!TryLine(ref block, out var first)) return headers;
        if (first.StartsWith(Version))
        {
            var rest = first[Version.Length..].Trim((byte)' ');
            var blank = rest.IndexOf((byte)' ');
            if (blank >= 0) description = Encoding.UTF8.GetString(rest[blank..].Trim((byte)' '));
        }

        while (TryLine(ref block, out var line) && !line.IsEmpty)
        {
            var colon = line.IndexOf((byte)':');
            if (colon <= 0) continue;
            headers.AddUnchecked(Encoding.UTF8.GetString(line[..colon].Trim(" \t"u8)), Encoding.UTF8.GetString(line[(colon + 1)..].Trim(" \t"u8)));
        }

        return headers;
    }

    /// <summary>
    /// Whether anything stands on the first line behind the version. Only the bus may say that: it is how it speaks on reply-tos, where everybody can publish. Costs a
    /// comparison of ten bytes for blocks without.
    /// </summary>
    public static bool HasStatus(ReadOnlySpan<byte> block)
    {
        if (block.StartsWith("NATS/1.0\r\n"u8) || !block.StartsWith(Version)) return false;
        TryLine(ref block, out var first);
        return !first[Version.Length..].Trim(" \t\r"u8).IsEmpty;
    }

    /// <summary>Writes a block with a status: something that the bus itself says.</summary>
    public static byte[] Encode(int status, BusHeaders headers)
    {
        var (plain, text) = (Encode(headers), Encoding.ASCII.GetBytes(status.ToString(CultureInfo.InvariantCulture)));
        return [.. Version, (byte)' ', .. text, .. plain.AsSpan(Version.Length)];
    }

    /// <summary>The status on the first line; zero when there is none.</summary>
    public static int ReadStatus(ReadOnlySpan<byte> block)
    {
        if (!block.StartsWith(Version)) return 0;
        var rest = block[Version.Length..];
        while (!rest.IsEmpty && rest[0] == (byte)' ') rest = rest[1..];
        return Utf8Parser.TryParse(rest, out int status, out _) && status > 0 ? status : 0;
    }

    /// <summary>Whether a value of the name is there: for the data path, without decoding.</summary>
    public static bool Contains(ReadOnlySpan<byte> block, ReadOnlySpan<byte> name) => TryFind(block, name, out _);

    /// <summary>The first value of the name, as it came. Empty: there is none, or it is empty.</summary>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> block, ReadOnlySpan<byte> name) => TryFind(block, name, out var value) ? value : default;

    private static bool TryFind(ReadOnlySpan<byte> block, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!TryLine(ref block, out _)) return false;
        while (TryLine(ref block, out var line) && !line.IsEmpty)
        {
            var colon = line.IndexOf((byte)':');
            // Blanks around it, as where it is decoded: otherwise a forged name would pass here and be read there.
            if (colon < name.Length || !Ascii.EqualsIgnoreCase(line[..colon].Trim(" \t"u8), name)) continue;
            value = line[(colon + 1)..].Trim(" \t"u8);
            return true;
        }

        return false;
    }

    private static bool TryLine(scoped ref ReadOnlySpan<byte> block, out ReadOnlySpan<byte> line)
    {
        if (block.IsEmpty)
        {
            line = default;
            return false;
        }

        var end = block.IndexOf((byte)'\n');
        line = end < 0 ? block : block[..end];
        block = end < 0 ? default : block[(end + 1)..];
        if (!line.IsEmpty && line[^1] == (byte)'\r') line = line[..^1];
        return true;
    }

    private static int Put(Span<byte> target, int at, BusHeaders headers)
    {
        foreach (var (name, value) in headers)
        {
            at += Encoding.UTF8.GetBytes(name, target[at..]);
            at = Put(target, at, ": "u8);
            at += Encoding.UTF8.GetBytes(value, target[at..]);
            at = Put(target, at, LineEnd);
        }

        return at;
    }

    private static int Put(Span<byte> target, int at, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(target[at..]);
        return at + bytes.Length;
    }
}
