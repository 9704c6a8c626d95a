using static Bus.Tests.Interop.Differential.Transcripts;

namespace Bus.Tests.Interop.Differential;

/// <summary>Verbs, options and headers.</summary>
internal static class ProtocolTranscripts
{
    private const string Verbose = """{"verbose":true,"pedantic":false,"headers":true}""";
    private const string Pedantic = """{"verbose":false,"pedantic":true,"headers":true}""";
    private const string Plain = """{"verbose":false,"pedantic":false}""";

    public static IEnumerable<Transcript> All =>
    [
        new("no CONNECT", A("SUB a 1\r\nPUB a 2\r\nhi\r\nUNSUB 1\r\n")) { Connects = With("A", ""), AnyOrder = true },
        new("no CONNECT, bad topics", A("PUB a. 1\r\nx\r\nSUB a. 1\r\n")) { Connects = With("A", "") },
        new("an empty CONNECT", A("SUB a 1\r\nPUB a 2\r\nhi\r\n")) { Connects = With("A", "{}"), AnyOrder = true },
        new("CONNECT with fields that nobody knows", A("SUB a 1\r\nPUB a 2\r\nhi\r\n")) { Connects = With("A", """{"verbose":false,"colour":"blue","nested":{"a":[1,2]},"lang":"test","version":"1"}""") },
        new("CONNECT twice", A("SUB a 1\r\n"), A("CONNECT {\"verbose\":false,\"echo\":false}\r\nPUB a 1\r\nx\r\nSUB a 2\r\nPUB a 1\r\ny\r\n"))
        {
            WhyDifferent = "echo is a property of each subscription here, taken when it is made; clients send CONNECT once, before the first",
            Ours = "A< PONG\\r\\n\n\nA< MSG a 1 1\\r\\nx\\r\\n\nA< MSG a 1 1\\r\\ny\\r\\n\nA< PONG\\r\\n\n\n",
        },
        new("CONNECT with a protocol that does not exist", A("CONNECT {\"verbose\":false,\"protocol\":7}\r\n")),
        new("CONNECT with no responders and without headers", A("CONNECT {\"verbose\":false,\"no_responders\":true}\r\nSUB _INBOX.* 9\r\n")) { Connects = With("A", "") },
        new("verbose", A("SUB a 1\r\nPUB b 1\r\nx\r\nUNSUB 1\r\nPONG\r\nHPUB b 12 12\r\nNATS/1.0\r\n\r\n\r\nUNSUB 7 3\r\n")) { Connects = With("A", Verbose) },
        new("verbose, delivery to oneself", A("SUB a 1\r\nPUB a 1\r\nx\r\n")) { Connects = With("A", Verbose), AnyOrder = true },
        new("verbose, a PING between", A("SUB a 1\r\nPING\r\nPUB b 1\r\nx\r\nPING\r\nUNSUB 1\r\n", pings: 2)) { Connects = With("A", Verbose) },
        new("verbose, an invalid filter", A("SUB a..b 1\r\n")) { Connects = With("A", Verbose) },
        new("pedantic, good and bad topics", A("SUB > 1\r\nPUB a 1\r\n1\r\nPUB a. 1\r\n2\r\nPUB a..b 1\r\n3\r\nPUB a.* 1\r\n4\r\nPUB > 1\r\n5\r\n")) { Connects = With("A", Pedantic), AnyOrder = true },
        new("bad topics without pedantic", A("SUB > 1\r\nPUB a. 1\r\n1\r\nPUB a..b 1\r\n2\r\nPUB a.* 1\r\n3\r\n")),
        new("publishing to a wildcard without pedantic", A("SUB a.* 1\r\nSUB a.b 2\r\nPUB a.* 1\r\nx\r\nPUB a.> 1\r\ny\r\n")),
        new("lower case and mixed case", A("sub a 1\r\npub a 1\r\n1\r\nPuB a 1\r\n2\r\nping\r\nunsub 1\r\n", pings: 1)),
        new("tabs and runs of blanks", A("SUB\ta\t1\r\nPUB  a \t 1\r\n1\r\nPUB\ta\treply\t1\r\n2\r\nUNSUB\t1\t3 \r\n")),
        new("line feeds alone", A("SUB a 1\nPUB a 1\n1\r\nPING\nUNSUB 1\n", pings: 1)),
        new("PING storm", A(Repeat("PING\r\n", 2000), pings: 2000)),
        new("PING with words behind it", A("PING and more\r\n", pings: 1)),
        new("PONG that nobody asked for", A("PONG\r\nPONG\r\n")),
        new("+OK from a client", A("+OK\r\nSUB a 1\r\nPUB a 1\r\nx\r\n")),
        new("headers", A("SUB a 1\r\nHPUB a 22 24\r\nNATS/1.0\r\nKey: val\r\n\r\nhi\r\nHPUB a reply 22 22\r\nNATS/1.0\r\nKey: val\r\n\r\n\r\n")),
        new("headers to a client that did not ask for them", A("SUB a 1\r\n"), B("HPUB a 22 24\r\nNATS/1.0\r\nKey: val\r\n\r\nhi\r\n")) { Connects = With("A", Plain) },
        new("headers from a client that did not ask for them", A("SUB a 1\r\nHPUB a 22 24\r\nNATS/1.0\r\nKey: val\r\n\r\nhi\r\n"))
        {
            Connects = With("A", Plain),
            WhyDifferent = "it closes without a word, we say why",
            Ours = "A< -ERR 'message headers not supported'\\r\\n\nA< closed\\r\\n\n\n",
        },
        new("headers that are none", A("SUB a 1\r\nHPUB a 4 6\r\nabcdhi\r\nHPUB a 0 2\r\nhi\r\n")),
        new("a sid that is in use", A("SUB a 1\r\nSUB b 1\r\nPUB a 1\r\n1\r\nPUB b 1\r\n2\r\nUNSUB 1\r\nPUB a 1\r\n3\r\nPUB b 1\r\n4\r\n")),
        new("a sid that is in use, for the same filter", A("SUB a 1\r\nSUB a 1\r\nPUB a 1\r\n1\r\nUNSUB 1\r\nPUB a 1\r\n2\r\n")),
        new("a sid that is no number", A("SUB a x.y-z 1\r\nSUB b \u00c3\u00a9\r\nPUB a 1\r\n1\r\nPUB b 1\r\n2\r\n")) { AnyOrder = true },
        new("the largest payload", A("SUB a 1\r\nPUB a 1048576\r\n" + new string('p', 1048576) + "\r\n")),
        new("a payload with frames in it", A("SUB a 1\r\nPUB a 29\r\nPUB a 1\r\nx\r\nUNSUB 1\r\n-ERR\r\n\r\n\r\n")),
        new("a long line that is allowed", A("SUB " + new string('a', 3000) + " 1\r\nPUB " + new string('a', 3000) + " 1\r\nx\r\n")),
    ];

    private static Dictionary<string, string> With(string connection, string json) => new(StringComparer.Ordinal) { [connection] = json };
}
