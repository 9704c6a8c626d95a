using System.Text;

namespace Bus.Core.Messages;

/// <summary>What the headers of a message say about its payload, read without decoding the others.</summary>
internal static class ContentHeaders
{
    public const string Type = "Content-Type";
    public const string Encoding = "Content-Encoding";

    /// <summary>The value of Content-Type. Empty: there is none.</summary>
    public static ReadOnlySpan<byte> TypeOf(ReadOnlySpan<byte> block) => HeaderBlock.Find(block, "Content-Type"u8);

    /// <summary>The value of Content-Encoding. Empty: there is none.</summary>
    public static ReadOnlySpan<byte> EncodingOf(ReadOnlySpan<byte> block) => HeaderBlock.Find(block, "Content-Encoding"u8);

    /// <summary>The media type, without parameters. Not in another letter case.</summary>
    public static ReadOnlySpan<byte> MediaType(ReadOnlySpan<byte> contentType)
    {
        var end = contentType.IndexOf((byte)';');
        return end < 0 ? contentType : contentType[..end].TrimEnd(" \t"u8);
    }

    /// <summary>Whether a text of the content type is UTF-8: it names no charset, or that.</summary>
    public static bool IsUtf8(ReadOnlySpan<byte> contentType)
    {
        var rest = contentType;
        while (rest.IndexOf((byte)';') is >= 0 and var at)
        {
            rest = rest[(at + 1)..];
            var end = rest.IndexOf((byte)';');
            var parameter = (end < 0 ? rest : rest[..end]).Trim(" \t"u8);
            if (parameter.Length < "charset=".Length || !Ascii.EqualsIgnoreCase(parameter[.."charset=".Length], "charset="u8)) continue;
            var charset = parameter["charset=".Length..].Trim("\" "u8);
            return Ascii.EqualsIgnoreCase(charset, "utf-8"u8) || Ascii.EqualsIgnoreCase(charset, "utf8"u8) || Ascii.EqualsIgnoreCase(charset, "us-ascii"u8);
        }

        return true;
    }
}
