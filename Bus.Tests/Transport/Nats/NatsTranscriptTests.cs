using System.Text;
using Bus.Transport.Nats;

namespace Bus.Tests.Transport.Nats;

/// <summary>Compares with a recording of nats-server. Every difference is in the table with its reason.</summary>
public sealed class NatsTranscriptTests
{
    private const string Ok = "ok";

    private static readonly IReadOnlyList<string[]> Rows = WireText.Table("transcript.tsv");

    [Fact]
    public void Each_input_gets_the_error_of_nats_server_or_a_reasoned_other_one()
    {
        var wrong = new StringBuilder();
        foreach (var row in Rows)
        {
            var said = Outcome(WireText.Bytes(row[0]));
            if (said != row[3]) wrong.AppendLine($"{row[0]}: expected {row[3]}, got {said}");
        }

        Assert.Equal("", wrong.ToString());
    }

    [Fact]
    public void A_row_without_a_reason_does_what_nats_server_did()
    {
        string[] ofTheConnection = ["Invalid Subject", "Invalid Publish Subject", "invalid client protocol"];
        foreach (var row in Rows.Where(row => row.Length < 5))
        {
            var theirs = row[1].StartsWith("-ERR '", StringComparison.Ordinal) ? row[1]["-ERR '".Length..^@"'\r\n".Length] : Ok;
            if (ofTheConnection.Contains(theirs)) theirs = Ok;
            if (theirs == Ok && row[2] == "closed" && row[1].Length == 0) theirs = NatsErrors.ParserError.Text; // it closes without a word there
            Assert.Equal(theirs, row[3]);
        }
    }

    private static string Outcome(byte[] input)
    {
        var rules = NatsRules.FromClient();
        var at = 0;
        while (at < input.Length)
        {
            var result = NatsParser.Parse(input.AsSpan(at), rules, out var frame);
            if (result.Status == NatsParseStatus.Incomplete) break;
            if (result.Error is { } error)
            {
                Assert.True(error.Closes);
                return error.Text;
            }

            at += frame.Consumed;
        }

        return Ok;
    }
}
