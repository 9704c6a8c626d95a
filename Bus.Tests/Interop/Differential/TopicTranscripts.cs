using static Bus.Tests.Interop.Differential.Transcripts;

namespace Bus.Tests.Interop.Differential;

/// <summary>Who gets which message.</summary>
internal static class TopicTranscripts
{
    private const string Plain = """{"verbose":false,"pedantic":false}""";
    private const string Quiet = """{"verbose":false,"pedantic":false,"echo":false,"headers":true,"no_responders":true}""";

    public static IEnumerable<Transcript> All =>
    [
        new("SUB and PUB in one write deliver to oneself", A("SUB a 1\r\nPUB a 2\r\nhi\r\n")),
        new("PUB before SUB is not delivered", A("PUB a 3\r\nold\r\nSUB a 1\r\nPUB a 3\r\nnew\r\n")),
        new("PUB then UNSUB in one write", A("SUB a 1\r\nPUB a 3\r\nold\r\nUNSUB 1\r\nPUB a 3\r\nnew\r\n")),
        new("PUB, UNSUB and SUB again with the same sid", A("SUB a 1\r\nPUB a 1\r\n1\r\nUNSUB 1\r\nPUB a 1\r\n2\r\nSUB a 1\r\nPUB a 1\r\n3\r\n")),
        new("PUB, PING and UNSUB in one write", A("SUB a 1\r\nPUB a 1\r\n1\r\nPING\r\nUNSUB 1\r\nPUB a 1\r\n2\r\n", pings: 1)),
        new("PUB, UNSUB and at once SUB with the same sid", A("SUB a 1\r\nPUB a 1\r\n1\r\nUNSUB 1\r\nSUB b 1\r\nPUB a 1\r\n2\r\nPUB b 1\r\n3\r\n")),
        new("a topic with an empty token matches nothing", A("SUB > 1\r\nSUB a.> 2\r\nPUB a..b _INBOX.1 1\r\nx\r\nPUB .a 1\r\ny\r\nPUB a. 1\r\nz\r\n")) { AnyOrder = true },
        new("an empty payload", A("SUB a 1\r\nPUB a 0\r\n\r\nPUB a reply 0\r\n\r\n")),
        new("one topic, two subscriptions of one connection", A("SUB a 1\r\nSUB a 2\r\nPUB a 1\r\nx\r\n")) { AnyOrder = true },
        new("wildcards", A("SUB a.* 1\r\nSUB a.> 2\r\nSUB *.b 3\r\nSUB > 4\r\nSUB a.b.c 5\r\nPUB a.b 1\r\n1\r\nPUB a.b.c 1\r\n2\r\nPUB a 1\r\n3\r\n")) { AnyOrder = true },
        new("a star inside a token is an ordinary character", A("SUB a*b 1\r\nSUB *a 2\r\nSUB a> 3\r\nPUB a*b 1\r\n1\r\nPUB axb 1\r\n2\r\nPUB *a 1\r\n3\r\nPUB a> 1\r\n4\r\n")) { AnyOrder = true },
        new("letter case counts", A("SUB A 1\r\nPUB a 1\r\nx\r\nPUB A 1\r\ny\r\n")),
        new("topics with other characters", A("SUB $x.-_/:#@ 1\r\nPUB $x.-_/:#@ 1\r\nx\r\nSUB gr\u00c3\u00bc\u00c3\u009fe 2\r\nPUB gr\u00c3\u00bc\u00c3\u009fe 1\r\ny\r\n")) { AnyOrder = true },
        new("an old-style request in one write", A("SUB svc 1\r\n"), B("SUB _INBOX.x 7\r\nUNSUB 7 1\r\nPUB svc _INBOX.x 2\r\nhi\r\n"), A("PUB _INBOX.x 5\r\nfirst\r\nPUB _INBOX.x 6\r\nsecond\r\n")),
        new("old-style requests to oneself, many in one write", A("SUB svc 1\r\n" + Each(50, i => $"SUB _INBOX.{i} {i + 10}\r\nUNSUB {i + 10} 1\r\nPUB svc _INBOX.{i} 1\r\nx\r\nPUB _INBOX.{i} 2\r\nok\r\n"))) { AnyOrder = true },
        new("UNSUB with a maximum before anything came", A("SUB a 1\r\nUNSUB 1 2\r\nPUB a 1\r\n1\r\nPUB a 1\r\n2\r\nPUB a 1\r\n3\r\n")),
        new("UNSUB with a maximum counts what had come", A("SUB a 1\r\nPUB a 1\r\n1\r\nUNSUB 1 2\r\nPUB a 1\r\n2\r\nPUB a 1\r\n3\r\n")),
        new("UNSUB with a maximum that is reached already", A("SUB a 1\r\nPUB a 1\r\n1\r\nPUB a 1\r\n2\r\n"), A("UNSUB 1 2\r\nPUB a 1\r\n3\r\n")),
        new("UNSUB with a maximum below what had come", A("SUB a 1\r\nPUB a 1\r\n1\r\nPUB a 1\r\n2\r\n"), A("UNSUB 1 1\r\nPUB a 1\r\n3\r\n")),
        new("UNSUB with a maximum, then without", A("SUB a 1\r\nUNSUB 1 5\r\nPUB a 1\r\n1\r\n"), A("UNSUB 1\r\nPUB a 1\r\n2\r\n")),
        new("UNSUB with a maximum, then with a larger one", A("SUB a 1\r\nUNSUB 1 1\r\nUNSUB 1 2\r\nPUB a 1\r\n1\r\nPUB a 1\r\n2\r\nPUB a 1\r\n3\r\n")),
        new("UNSUB 0 ends it", A("SUB a 1\r\nUNSUB 1 0\r\nPUB a 1\r\n1\r\n")),
        new("UNSUB with a maximum from another connection's messages", A("SUB a 1\r\nUNSUB 1 2\r\n"), B("PUB a 1\r\n1\r\nPUB a 1\r\n2\r\nPUB a 1\r\n3\r\n"), A("SUB a 1\r\n"), B("PUB a 1\r\n4\r\n")),
        new("UNSUB of a sid that never was", A("UNSUB 99\r\nUNSUB 99 5\r\nSUB a 99\r\nPUB a 1\r\nx\r\nPUB a 1\r\ny\r\n")),
        new("a queue group gets one copy", A("SUB a q 1\r\nSUB a q 2\r\n"), B("SUB a q 1\r\nPUB a 1\r\n1\r\nPUB a 1\r\n2\r\nPUB a 1\r\n3\r\n")) { AnyMember = true },
        new("two queue groups and a plain subscription get one copy each", A("SUB a q 1\r\nSUB a r 2\r\nSUB a 3\r\n"), B("PUB a 1\r\nx\r\n")) { AnyOrder = true },
        new("a queue name shared by overlapping filters gets one copy", A("SUB a.* q 1\r\nSUB a.b q 2\r\nSUB a.> q 3\r\n"), B("SUB *.b q 4\r\nPUB a.b 1\r\n1\r\nPUB a.b 1\r\n2\r\n")) { AnyMember = true },
        new("a queue member with a maximum leaves the rest to the others", A("SUB a q 1\r\nUNSUB 1 1\r\n"), B("SUB a q 1\r\n"), C(Repeat("PUB a 1\r\nx\r\n", 20))) { AnyMember = true },
        new("no responders", A("SUB _INBOX.* 9\r\nPUB nobody _INBOX.1 0\r\n\r\n")),
        new("no responders for a message with headers", A("SUB _INBOX.* 9\r\nHPUB nobody _INBOX.1 12 14\r\nNATS/1.0\r\n\r\nhi\r\n")),
        new("no responders in the middle of others", A("SUB _INBOX.* 9\r\nSUB a 1\r\nPUB a 1\r\n1\r\nPUB nobody _INBOX.1 0\r\n\r\nPUB a 1\r\n2\r\n")) { AnyOrder = true },
        new("no responders to an inbox that nobody has", A("PUB nobody _INBOX.1 0\r\n\r\n")),
        new("no responders to an inbox of somebody else", B("SUB _INBOX.> 1\r\n"), A("PUB nobody _INBOX.1 0\r\n\r\n")),
        new("no responders without the option", A("SUB _INBOX.* 9\r\nPUB nobody _INBOX.1 0\r\n\r\n")) { Connects = With("A", Plain) },
        new("no responders with headers but without the option", A("SUB _INBOX.* 9\r\nPUB nobody _INBOX.1 0\r\n\r\n")) { Connects = With("A", """{"verbose":false,"headers":true}""") },
        new("no responders for a plain subscription with a maximum of one", A("SUB _INBOX.1 9\r\nUNSUB 9 1\r\nPUB nobody _INBOX.1 0\r\n\r\nPUB nobody _INBOX.1 0\r\n\r\n"))
        {
            WhyDifferent = "what the bus says to an inbox counts like what others say: a second answer to a subscription that wanted one is dropped",
            Ours = "A< HMSG _INBOX.1 9 16 16\\r\\nNATS/1.0 503\\r\\n\\r\\n\\r\\n\nA< PONG\\r\\n\n\n",
        },
        new("a responder that has ended", A("SUB svc 1\r\nUNSUB 1\r\n"), B("SUB _INBOX.* 9\r\nPUB svc _INBOX.1 0\r\n\r\n")) { Late = ("B", "NATS/1.0 503\r\n\r\n\r\n") },
        new("a responder whose maximum is reached", A("SUB svc 1\r\nUNSUB 1 1\r\n"), B("SUB _INBOX.* 9\r\nPUB svc _INBOX.1 0\r\n\r\nPUB svc _INBOX.2 0\r\n\r\n")) { Late = ("B", "NATS/1.0 503\r\n\r\n\r\n") },
        new("echo off", A("SUB a 1\r\nPUB a 2\r\nhi\r\n"), B("SUB a 1\r\nPUB a 2\r\nho\r\n")) { Connects = With("A", Quiet) },
        new("echo off in a queue group of oneself and another", A("SUB a q 1\r\n"), B("SUB a q 1\r\n"), A("PUB a 1\r\n1\r\nPUB a 1\r\n2\r\nPUB a 1\r\n3\r\n")) { Connects = With("A", Quiet) },
        new("a request that only the requester could answer, with echo off", A("SUB a 1\r\nSUB _INBOX.* 2\r\nPUB a _INBOX.1 0\r\n\r\n")) { Connects = With("A", Quiet), Late = ("A", "NATS/1.0 503\r\n\r\n\r\n") },
        new("thousands of subscriptions and publishes in one write", A(Each(2000, i => $"SUB m.{i} {i}\r\n") + Each(2000, i => $"PUB m.{i} 1\r\nx\r\n"))) { AnyOrder = true },
    ];

    private static Dictionary<string, string> With(string connection, string json) => new(StringComparer.Ordinal) { [connection] = json };
}
