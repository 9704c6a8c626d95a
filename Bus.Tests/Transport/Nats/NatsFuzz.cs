using System.Text;
using Bus.Transport.Nats;

namespace Bus.Tests.Transport.Nats;

/// <summary>The fuzz target: takes any bytes, throws only when the parser is wrong. Usable from a coverage-guided fuzzer; the tests run it on mutated seeds.</summary>
internal static class NatsFuzz
{
    private const int SmallLine = 40;
    private const int SmallPayload = 64;

    private static readonly NatsRules[] Rules =
        [NatsRules.FromClient(SmallLine, SmallPayload), NatsRules.FromServer(SmallLine, SmallPayload), NatsRules.FromClient(), NatsRules.FromServer()];

    private static readonly bool[] AreFromClient = [true, false, true, false];

    public static void Fuzz(ReadOnlySpan<byte> input)
    {
        for (var i = 0; i < Rules.Length; i++)
        {
            var rules = Rules[i];
            var rest = input;
            while (true)
            {
                var fast = FastAnswer.Parse(rest, rules);
                var slow = SlowNatsParser.Parse(rest, AreFromClient[i], rules.MaxControlLine, rules.MaxPayload);
                if (fast != slow) throw Wrong(rest, $"the parser says {fast}, the oracle {slow}");
                CheckPrefixes(rest, rules, fast);
                CheckJson(rest, rules);
                if (fast.Consumed == 0) break;
                rest = rest[fast.Consumed..];
            }
        }
    }

    /// <summary>A prefix is incomplete, or already wrong in the same way as the whole. Long inputs are sampled.</summary>
    private static void CheckPrefixes(ReadOnlySpan<byte> input, NatsRules rules, ParseAnswer whole)
    {
        var end = whole.Consumed > 0 ? whole.Consumed : input.Length;
        var step = Math.Max(1, end / 64);
        for (var length = 0; length < end; length += step)
        {
            var part = NatsParser.Parse(input[..length], rules, out _);
            var fine = part.Status switch
            {
                NatsParseStatus.Incomplete => part.Needed == 0 || part.Needed == (whole.Consumed > 0 ? whole.Consumed : part.Needed),
                NatsParseStatus.Invalid => whole.Error == part.Error!.Text,
                _ => false,
            };
            if (!fine) throw Wrong(input, $"the first {length} bytes are {part.Status} (needed {part.Needed}, error {part.Error}), the whole is {whole}");
        }
    }

    private static void CheckJson(ReadOnlySpan<byte> input, NatsRules rules)
    {
        if (NatsParser.Parse(input, rules, out var frame).Status != NatsParseStatus.Complete) return;
        if (frame.Op == NatsOp.Connect) NatsJson.TryReadConnect(frame.Argument.Of(input), out _);
        if (frame.Op == NatsOp.Info) NatsJson.TryReadInfo(frame.Argument.Of(input), out _);
    }

    private static InvalidOperationException Wrong(ReadOnlySpan<byte> input, string what) =>
        new($"{what}; input (base64): {Convert.ToBase64String(input)}; as text: {Encoding.Latin1.GetString(input[..Math.Min(200, input.Length)])}");
}
