using static Bus.Tests.Interop.Differential.Transcripts;

namespace Bus.Tests.Interop.Differential;

/// <summary>What is wrong, and what is said about it.</summary>
internal static class ErrorTranscripts
{
    private const string SaysWhy = "it closes without a word, we say why";

    public static IEnumerable<Transcript> All =>
    [
        new("an unknown verb", A("HELO there\r\n")),
        new("an unknown verb behind good frames", A("SUB a 1\r\nPUB a 1\r\nx\r\nBOGUS\r\n")),
        new("an unknown verb, others go on", A("SUB a 1\r\n"), B("SUB a 1\r\nNO\r\n"), C("PUB a 1\r\nx\r\n")),
        new("HTTP", A("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")),
        new("an empty line", A("\r\n")),
        new("MSG from a client", A("MSG a 1 2\r\nhi\r\n")),
        new("-ERR from a client", A("-ERR 'x'\r\n")),
        new("SUB with an invalid filter", A("SUB a..b 1\r\nSUB .a 2\r\nSUB a. 3\r\nSUB a.>.b 4\r\nSUB ok 5\r\nPUB ok 1\r\nx\r\n")),
        new("too few arguments", A("SUB a\r\n")) { WhyDifferent = SaysWhy, Ours = "A< -ERR 'Parser Error'\\r\\n\nA< closed\\r\\n\n\n" },
        new("too many arguments", A("PUB a b c 1\r\nx\r\n")) { WhyDifferent = SaysWhy, Ours = "A< -ERR 'Parser Error'\\r\\n\nA< closed\\r\\n\n\n" },
        new("a size that is no number", A("PUB a x\r\n")) { WhyDifferent = SaysWhy, Ours = "A< -ERR 'Parser Error'\\r\\n\nA< closed\\r\\n\n\n" },
        new("a negative size", A("PUB a -1\r\n")) { WhyDifferent = SaysWhy, Ours = "A< -ERR 'Parser Error'\\r\\n\nA< closed\\r\\n\n\n" },
        new("CONNECT with broken JSON", A("CONNECT {\"verbose\":\r\n")) { WhyDifferent = SaysWhy, Ours = "A< -ERR 'Parser Error'\\r\\n\nA< closed\\r\\n\n\n" },
        new("a payload that is longer than its size", A("SUB a 1\r\nPUB a 2\r\nlong\r\n")),
        new("a payload that is shorter than its size", A("PUB a 10\r\nshort\r\n")),
        new("a payload above the limit", A("PUB a 1048577\r\n" + new string('p', 1000))),
        new("a header above the limit", A("HPUB a 12 1048577\r\nNATS/1.0\r\n\r\n")),
        new("a header that is longer than the message", A("HPUB a 20 10\r\n")) { WhyDifferent = SaysWhy, Ours = "A< -ERR 'Parser Error'\\r\\n\nA< closed\\r\\n\n\n" },
        new("a huge control line", A("SUB " + new string('a', 5000) + " 1\r\n")),
        new("a huge control line without end", A("PUB " + new string('a', 100_000))),
        new("half a frame", A("SUB a 1\r\nPUB a 1\r\nx\r\n"), new("A", "PUB a 10\r\nhalf", IsHalf: true), B("SUB a 1\r\nPUB a 1\r\ny\r\n")),
    ];
}
