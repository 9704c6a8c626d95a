using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace Bus.Tests.Transport.Nats;

/// <summary>What a parser says of the start of an input, in words, so that two parsers can be compared and a difference can be read.</summary>
internal sealed record ParseAnswer(string Outcome, int Consumed = 0, int Needed = 0, string? Error = null);

/// <summary>The grammar a second time, written to be obviously right: strings, regular expressions and big numbers, nothing shared with the real parser.</summary>
internal static class SlowNatsParser
{
    private const string B = @"[ \t]+";
    private const string Word = @"[^ \t\r]+";
    private const string NumberPattern = "[0-9]+";

    private static readonly Regex PubLine = Line($"{B}(?<subject>{Word})({B}(?<reply>{Word}))?{B}(?<total>{NumberPattern})");
    private static readonly Regex HPubLine = Line($"{B}(?<subject>{Word})({B}(?<reply>{Word}))?{B}(?<header>{NumberPattern}){B}(?<total>{NumberPattern})");
    private static readonly Regex MsgLine = Line($"{B}(?<subject>{Word}){B}(?<sid>{Word})({B}(?<reply>{Word}))?{B}(?<total>{NumberPattern})");
    private static readonly Regex HMsgLine = Line($"{B}(?<subject>{Word}){B}(?<sid>{Word})({B}(?<reply>{Word}))?{B}(?<header>{NumberPattern}){B}(?<total>{NumberPattern})");
    private static readonly Regex SubLine = Line($"{B}(?<subject>{Word})({B}(?<queue>{Word}))?{B}(?<sid>{Word})");
    private static readonly Regex UnsubLine = Line($"{B}(?<sid>{Word})({B}(?<max>{Word}))?");

    private static readonly string[] FromClient = ["CONNECT", "PUB", "HPUB", "SUB", "UNSUB", "PING", "PONG", "+OK", "-ERR"];
    private static readonly string[] FromServer = ["INFO", "MSG", "HMSG", "PING", "PONG", "+OK", "-ERR"];

    public static ParseAnswer Parse(ReadOnlySpan<byte> bytes, bool fromClient, int maxControlLine, int maxPayload)
    {
        var input = Encoding.Latin1.GetString(bytes);
        var verbs = (fromClient ? FromClient : FromServer).Where(v => StartsAlike(input, v)).ToList();
        if (verbs.Count == 0) return Invalid("Unknown Protocol Operation");

        var verb = verbs.Find(v => input.Length > v.Length);
        if (verb is null) return Incomplete();

        var rest = input[verb.Length..];
        if (verb is "PUB" or "HPUB" or "MSG" or "HMSG" or "SUB" or "UNSUB" or "-ERR" && rest[0] is not (' ' or '\t')) return Invalid("Unknown Protocol Operation");

        var lineFeed = rest.IndexOf('\n', StringComparison.Ordinal);
        var line = lineFeed < 0 ? rest : rest[..lineFeed];
        if (line.EndsWith('\r')) line = line[..^1];
        if (line.Length > maxControlLine + 1) return Invalid("maximum control line exceeded");
        if (lineFeed < 0) return Incomplete();

        var next = verb.Length + lineFeed + 1;
        return verb switch
        {
            "PUB" => Message(verb, PubLine.Match(line), input, next, maxPayload),
            "HPUB" => Message(verb, HPubLine.Match(line), input, next, maxPayload),
            "MSG" => Message(verb, MsgLine.Match(line), input, next, maxPayload),
            "HMSG" => Message(verb, HMsgLine.Match(line), input, next, maxPayload),
            "SUB" => Complete(SubLine.Match(line), m => $"SUB subject={m.Groups["subject"]} queue={m.Groups["queue"]} sid={m.Groups["sid"]}", next),
            "UNSUB" => Complete(UnsubLine.Match(line), m => $"UNSUB sid={m.Groups["sid"]} max={Maximum(m.Groups["max"].Value)}", next),
            "CONNECT" or "INFO" => line.Trim(' ', '\t') is "" ? Invalid("Parser Error") : new ParseAnswer($"{verb} argument={line.Trim(' ', '\t')}", next),
            "-ERR" => new ParseAnswer($"-ERR argument={Unquote(line.Trim(' ', '\t'))}", next),
            _ => new ParseAnswer(verb, next),
        };
    }

    private static ParseAnswer Message(string verb, Match match, string input, int next, int maxPayload)
    {
        if (!match.Success) return Invalid("Parser Error");
        var total = Number(match.Groups["total"].Value);
        var header = match.Groups["header"].Success ? Number(match.Groups["header"].Value) : 0;
        if (total > maxPayload) return Invalid("Maximum Payload Violation");
        if (header > total) return Invalid("Parser Error");

        var consumed = next + (int)total + 2;
        var after = input[Math.Min(input.Length, next + (int)total)..];
        if (after.Length > 2) after = after[..2];
        if (!"\r\n".StartsWith(after, StringComparison.Ordinal)) return Invalid("Unknown Protocol Operation");
        if (after.Length < 2) return new ParseAnswer("incomplete", Needed: consumed);

        var body = input.Substring(next, (int)total);
        return new ParseAnswer(
            $"{verb} subject={match.Groups["subject"]} reply={match.Groups["reply"]} sid={match.Groups["sid"]} header={body[..(int)header]} payload={body[(int)header..]}",
            consumed);
    }

    private static ParseAnswer Complete(Match match, Func<Match, string> describe, int consumed) =>
        match.Success ? new ParseAnswer(describe(match), consumed) : Invalid("Parser Error");

    private static ParseAnswer Incomplete() => new("incomplete");

    private static ParseAnswer Invalid(string error) => new("invalid", Error: error);

    private static bool StartsAlike(string input, string verb)
    {
        var count = Math.Min(input.Length, verb.Length);
        return string.Equals(input[..count], verb[..count], StringComparison.OrdinalIgnoreCase);
    }

    private static BigInteger Number(string digits) => BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    private static BigInteger Maximum(string text) =>
        text.Length > 0 && text.All(char.IsAsciiDigit) ? BigInteger.Min(Number(text), long.MaxValue) : BigInteger.Zero;

    private static string Unquote(string text) => text.Length >= 2 && text[0] == '\'' && text[^1] == '\'' ? text[1..^1] : text;

    private static Regex Line(string pattern) => new($@"\A{pattern}[ \t]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(30));
}
