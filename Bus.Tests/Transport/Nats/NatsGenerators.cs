using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Transport.Nats;

/// <summary>Valid frames as bytes, in all the spellings that the grammar allows, and what is made of them.</summary>
internal static class NatsGenerators
{
    public static readonly Gen<string> Token = Text("abcXYZ019.*>_$-\u00e9", 1, 12);

    public static readonly Gen<string> OptionalToken = Gen.Frequency((1, Gen.Constant("")), (1, Token));

    public static readonly Gen<string> Body = Text("ab\r\n\t '\0\u00ff+-PINGMSG", 0, 30);

    public static readonly Gen<byte[]> ClientFrame = Gen.OneOf(
        Message("PUB", withSid: false, withHeader: false),
        Message("HPUB", withSid: false, withHeader: true),
        from verb in AnyCase("SUB")
        from subject in Token
        from queue in OptionalToken
        from sid in Token
        from end in LineEnd
        from blanks in Blanks
        select Line(blanks, end, verb, subject, queue, sid),
        from verb in AnyCase("UNSUB")
        from sid in Token
        from max in Gen.Elements("", "0", "1", "5", "007", "x", "-1", "99999999999999999999")
        from end in LineEnd
        from blanks in Blanks
        select Line(blanks, end, verb, sid, max),
        from verb in AnyCase("CONNECT")
        from json in Gen.Elements("{}", "{\"verbose\":false}", "{ \"a\" : [1, 2] }", "no json")
        from end in LineEnd
        from blanks in Blanks
        select Line(blanks, end, verb, json),
        Bare);

    public static readonly Gen<byte[]> ServerFrame = Gen.OneOf(
        Message("MSG", withSid: true, withHeader: false),
        Message("HMSG", withSid: true, withHeader: true),
        from verb in AnyCase("INFO")
        from json in Gen.Elements("{}", "{\"max_payload\":1}")
        from end in LineEnd
        from blanks in Blanks
        select Line(blanks, end, verb, json),
        Bare);

    /// <summary>Some frames one after the other.</summary>
    public static Gen<byte[]> Stream(Gen<byte[]> frame) =>
        from count in Gen.Choose(0, 6) from frames in frame.ArrayOf(count) select frames.SelectMany(bytes => bytes).ToArray();

    /// <summary>A stream with a few bytes changed, removed or inserted.</summary>
    public static Gen<byte[]> Mutated(Gen<byte[]> stream) =>
        from bytes in stream
        from changes in (from kind in Gen.Choose(0, 2) from at in Gen.Choose(0, 1000) from value in Gen.Elements("\r\n \t09-'PpSu+\0\u00ff".ToCharArray()) select (kind, at, value)).ArrayOf(3)
        select Apply(bytes, changes);

    private static Gen<byte[]> Bare =>
        from verb in Gen.OneOf(AnyCase("PING"), AnyCase("PONG"), AnyCase("+OK"), AnyCase("-ERR 'x'"))
        from end in LineEnd
        select Encoding.Latin1.GetBytes(verb + end);

    private static Gen<string> LineEnd => Gen.Frequency((5, Gen.Constant("\r\n")), (1, Gen.Constant("\n")));

    private static Gen<string> Blanks => Gen.Frequency((5, Gen.Constant(" ")), (1, Gen.Constant("\t")), (1, Gen.Constant(" \t ")));

    private static Gen<byte[]> Message(string name, bool withSid, bool withHeader) =>
        from verb in AnyCase(name)
        from subject in Token
        from sid in Token
        from reply in OptionalToken
        from header in Body
        from payload in Body
        from end in LineEnd
        from blanks in Blanks
        let lengths = withHeader ? $"{header.Length}{blanks}{header.Length + payload.Length}" : $"{payload.Length}"
        let line = Line(blanks, end, verb, subject, withSid ? sid : "", reply, lengths)
        select (byte[])[.. line, .. Encoding.Latin1.GetBytes((withHeader ? header : "") + payload + "\r\n")];

    private static byte[] Line(string blanks, string end, params string[] parts) => Encoding.Latin1.GetBytes(string.Join(blanks, parts.Where(part => part.Length > 0)) + end);

    private static Gen<string> AnyCase(string verb) =>
        from lower in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(0, 255)))
        select new string(verb.Select((letter, i) => (lower >> i & 1) == 0 ? letter : char.ToLowerInvariant(letter)).ToArray());

    private static Gen<string> Text(string letters, int least, int most) =>
        from length in Gen.Choose(least, most) from text in Gen.Elements(letters.ToCharArray()).ArrayOf(length) select new string(text);

    private static byte[] Apply(byte[] bytes, (int Kind, int At, char Value)[] changes)
    {
        var list = bytes.ToList();
        foreach (var (kind, at, value) in changes)
        {
            if (list.Count == 0) break;
            var index = at % list.Count;
            if (kind == 0) list[index] = (byte)value;
            else if (kind == 1) list.RemoveAt(index);
            else list.Insert(index, (byte)value);
        }

        return list.ToArray();
    }
}
