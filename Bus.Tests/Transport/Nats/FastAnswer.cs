using System.Text;
using Bus.Transport.Nats;

namespace Bus.Tests.Transport.Nats;

/// <summary>The real parser's answer in the words of <see cref="ParseAnswer"/>.</summary>
internal static class FastAnswer
{
    public static ParseAnswer Parse(ReadOnlySpan<byte> input, NatsRules rules)
    {
        var result = NatsParser.Parse(input, rules, out var frame);
        return result.Status switch
        {
            NatsParseStatus.Complete => new ParseAnswer(Describe(input, frame), frame.Consumed),
            NatsParseStatus.Incomplete => new ParseAnswer("incomplete", Needed: result.Needed),
            _ => new ParseAnswer("invalid", Error: result.Error!.Text),
        };
    }

    public static string Describe(ReadOnlySpan<byte> input, in NatsFrame frame)
    {
        var verb = Encoding.Latin1.GetString(NatsVerb.Text(frame.Op));
        return frame.Op switch
        {
            NatsOp.Pub or NatsOp.HPub or NatsOp.Msg or NatsOp.HMsg =>
                $"{verb} subject={Text(input, frame.Subject)} reply={Text(input, frame.ReplyTo)} sid={Text(input, frame.Sid)} header={Text(input, frame.Header)} payload={Text(input, frame.Payload)}",
            NatsOp.Sub => $"SUB subject={Text(input, frame.Subject)} queue={Text(input, frame.Queue)} sid={Text(input, frame.Sid)}",
            NatsOp.Unsub => $"UNSUB sid={Text(input, frame.Sid)} max={frame.Max}",
            NatsOp.Connect or NatsOp.Info or NatsOp.Err => $"{verb} argument={Text(input, frame.Argument)}",
            _ => verb,
        };
    }

    private static string Text(ReadOnlySpan<byte> input, NatsSlice slice) => Encoding.Latin1.GetString(slice.Of(input));
}
