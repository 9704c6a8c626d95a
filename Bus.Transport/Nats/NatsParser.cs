// Step 2 of the data path: parse. Every complete frame of a read, in place: no strings, no objects.
// Before: Connections/SocketReader.cs (step 1). Next: Bus.Core/Routing/MatchCache.cs (step 3), through Connections/ClientSession.cs.

namespace Bus.Transport.Nats;

/// <summary>
/// Reads one frame from the start of a span. Stateless: it is called again with more bytes when a frame is incomplete, and a prefix of a frame is
/// never answered differently from the frame. Allocates nothing and never throws on what a peer sent.
/// </summary>
internal static class NatsParser
{
    // All frames have at least this many bytes ("+OK" and a line feed), so the verb can be loaded as one integer.
    private const int Shortest = 4;

    private const int LineEnd = 2;

    public static NatsParseResult Parse(ReadOnlySpan<byte> input, NatsRules rules, out NatsFrame frame)
    {
        frame = default;
        if (NatsPlainMessage.TryRead(input, rules, ref frame)) return NatsParseResult.Complete;

        frame = default;
        if (input.Length < Shortest)
        {
            return NatsVerb.CanBegin(input, rules) ? NatsParseResult.Incomplete() : Unknown();
        }

        var op = NatsVerb.Guess(input);
        if (op == NatsOp.None || !rules.Accepts(op)) return Unknown();

        var verb = NatsVerb.Text(op);
        if (!NatsVerb.Agrees(input, verb)) return Unknown();
        if (input.Length <= verb.Length) return NatsParseResult.Incomplete();
        if (TakesArguments(op) && input[verb.Length] is not ((byte)' ' or (byte)'\t')) return Unknown();

        var result = FindLine(input, verb.Length, rules.MaxControlLine, out var line, out var next);
        if (result.Status != NatsParseStatus.Complete) return result;

        frame.Op = op;
        frame.Consumed = next;
        return op switch
        {
            NatsOp.Pub or NatsOp.HPub or NatsOp.Msg or NatsOp.HMsg => Message(input, line, rules.MaxPayload, ref frame),
            NatsOp.Sub => Sub(input, line, ref frame),
            NatsOp.Unsub => Unsub(input, line, ref frame),
            NatsOp.Connect or NatsOp.Info or NatsOp.Err => Text(input, line, ref frame),
            _ => NatsParseResult.Complete, // PING, PONG, +OK: nats-server ignores whatever follows on the line
        };
    }

    // The verbs that must be followed by a blank. CONNECT and INFO may be followed by their JSON at once.
    private static bool TakesArguments(NatsOp op) => op is NatsOp.Pub or NatsOp.HPub or NatsOp.Msg or NatsOp.HMsg or NatsOp.Sub or NatsOp.Unsub or NatsOp.Err;

    private static NatsParseResult FindLine(ReadOnlySpan<byte> input, int start, int maxControlLine, out NatsSlice line, out int next)
    {
        line = default;
        next = 0;
        var limit = maxControlLine + 1; // the limit counts neither the verb nor one separator
        var rest = input[start..];
        var window = (int)Math.Min(rest.Length, (long)limit + LineEnd);
        var length = rest[..window].IndexOf((byte)'\n');
        var complete = length >= 0;
        if (!complete) length = window;

        next = start + length + 1;
        if (length > 0 && rest[length - 1] == (byte)'\r') length--;
        if (length > limit) return NatsParseResult.Invalid(NatsErrors.MaximumControlLineExceeded);
        line = new NatsSlice(start, length);
        if (complete) return NatsParseResult.Complete;
        return window < rest.Length ? NatsParseResult.Invalid(NatsErrors.MaximumControlLineExceeded) : NatsParseResult.Incomplete();
    }

    private static NatsParseResult Message(ReadOnlySpan<byte> input, NatsSlice line, int maxPayload, ref NatsFrame frame)
    {
        var arguments = default(NatsArguments);
        if (!arguments.TrySplit(input, line)) return Malformed();

        // Subject, [MSG: sid], [reply-to], [header length], total length.
        var hasSid = frame.Op is NatsOp.Msg or NatsOp.HMsg;
        var hasHeader = frame.Op is NatsOp.HPub or NatsOp.HMsg;
        var least = 2 + (hasSid ? 1 : 0) + (hasHeader ? 1 : 0);
        if (arguments.Count != least && arguments.Count != least + 1) return Malformed();

        frame.Subject = arguments[0];
        if (hasSid) frame.Sid = arguments[1];
        if (arguments.Count > least) frame.ReplyTo = arguments[hasSid ? 2 : 1];

        var total = NatsNumber.Parse(arguments[arguments.Count - 1].Of(input));
        var header = hasHeader ? NatsNumber.Parse(arguments[arguments.Count - 2].Of(input)) : 0;
        if (total == NatsNumber.Malformed || header == NatsNumber.Malformed) return Malformed();
        if (total > Math.Min(maxPayload, Array.MaxLength - frame.Consumed - LineEnd)) return NatsParseResult.Invalid(NatsErrors.MaximumPayloadViolation);
        if (header > total) return Malformed();

        frame.BodyOffset = frame.Consumed;
        frame.HeaderLength = (int)header;
        frame.BodyLength = (int)total;
        var end = frame.BodyOffset + frame.BodyLength;
        frame.Consumed = end + LineEnd;
        if (input.Length > end && input[end] != (byte)'\r') return Unknown();
        if (input.Length <= end + 1) return NatsParseResult.Incomplete(frame.Consumed);
        return input[end + 1] == (byte)'\n' ? NatsParseResult.Complete : Unknown();
    }

    private static NatsParseResult Sub(ReadOnlySpan<byte> input, NatsSlice line, ref NatsFrame frame)
    {
        var arguments = default(NatsArguments);
        if (!arguments.TrySplit(input, line) || arguments.Count is not (2 or 3)) return Malformed();
        frame.Subject = arguments[0];
        if (arguments.Count == 3) frame.Queue = arguments[1];
        frame.Sid = arguments[arguments.Count - 1];
        return NatsParseResult.Complete;
    }

    private static NatsParseResult Unsub(ReadOnlySpan<byte> input, NatsSlice line, ref NatsFrame frame)
    {
        var arguments = default(NatsArguments);
        if (!arguments.TrySplit(input, line) || arguments.Count is not (1 or 2)) return Malformed();
        frame.Sid = arguments[0];

        // nats-server takes a maximum that is no number as "now", and clients that send one would lose their connection if we did not.
        if (arguments.Count == 2) frame.Max = Math.Max(0, NatsNumber.Parse(arguments[1].Of(input)));
        return NatsParseResult.Complete;
    }

    private static NatsParseResult Text(ReadOnlySpan<byte> input, NatsSlice line, ref NatsFrame frame)
    {
        var start = line.Offset;
        var end = line.End;
        while (start < end && input[start] is (byte)' ' or (byte)'\t') start++;
        while (end > start && input[end - 1] is (byte)' ' or (byte)'\t') end--;
        if (frame.Op == NatsOp.Err && end - start >= 2 && input[start] == (byte)'\'' && input[end - 1] == (byte)'\'')
        {
            start++;
            end--;
        }

        frame.Argument = new NatsSlice(start, end - start);
        return start == end && frame.Op != NatsOp.Err ? Malformed() : NatsParseResult.Complete;
    }

    private static NatsParseResult Unknown() => NatsParseResult.Invalid(NatsErrors.UnknownProtocolOperation);

    private static NatsParseResult Malformed() => NatsParseResult.Invalid(NatsErrors.ParserError);
}
