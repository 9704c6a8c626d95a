using Bus.Transport.Nats;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Transport.Nats;

public sealed class NatsParserProperties
{
    // Fixed seeds: a failure is the same for everyone. The fuzz target is there to look further.
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(20261, 20262 | 1);

    private static readonly NatsRules Server = NatsRules.FromClient();
    private static readonly NatsRules Client = NatsRules.FromServer();

    [Fact]
    public void Valid_input_is_read_as_the_oracle_reads_it()
    {
        Check.One(Many, Prop.ForAll(NatsGenerators.Stream(NatsGenerators.ClientFrame).ToArbitrary(), bytes => Agree(bytes, Server, fromClient: true) == bytes.Length));
        Check.One(Many, Prop.ForAll(NatsGenerators.Stream(NatsGenerators.ServerFrame).ToArbitrary(), bytes => Agree(bytes, Client, fromClient: false) == bytes.Length));
    }

    [Fact]
    public void Mutated_input_is_read_as_the_oracle_reads_it()
    {
        var mutated = NatsGenerators.Mutated(NatsGenerators.Stream(Gen.OneOf(NatsGenerators.ClientFrame, NatsGenerators.ServerFrame)));
        Check.One(Many, Prop.ForAll(mutated.ToArbitrary(), NatsFuzzHolds));
    }

    [Fact]
    public void Random_input_is_read_as_the_oracle_reads_it() =>
        Check.One(Many, Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), NatsFuzzHolds));

    [Fact]
    public void Any_split_of_the_input_gives_the_frames_of_the_whole()
    {
        var input = from bytes in NatsGenerators.Mutated(NatsGenerators.Stream(NatsGenerators.ClientFrame))
                    from cuts in Gen.Choose(0, 200).ArrayOf(8)
                    select (bytes, cuts);
        Check.One(Many, Prop.ForAll(input.ToArbitrary(), pair => Split(pair.bytes, pair.cuts).SequenceEqual(Split(pair.bytes, []))));
    }

    [Fact]
    public void One_byte_at_a_time_gives_the_frames_of_the_whole() =>
        Check.One(Many.WithMaxTest(500), Prop.ForAll(
            NatsGenerators.Stream(NatsGenerators.ClientFrame).ToArbitrary(),
            bytes => Split(bytes, Enumerable.Range(0, bytes.Length).ToArray()).SequenceEqual(Split(bytes, []))));

    /// <summary>How far both parsers read, having agreed on everything.</summary>
    private static int Agree(byte[] bytes, NatsRules rules, bool fromClient)
    {
        var at = 0;
        while (true)
        {
            var fast = FastAnswer.Parse(bytes.AsSpan(at), rules);
            var slow = SlowNatsParser.Parse(bytes.AsSpan(at), fromClient, rules.MaxControlLine, rules.MaxPayload);
            Assert.Equal(slow, fast);
            if (fast.Consumed == 0) return at;
            at += fast.Consumed;
        }
    }

    private static bool NatsFuzzHolds(byte[] bytes)
    {
        NatsFuzz.Fuzz(bytes);
        return true;
    }

    /// <summary>Receives the bytes in pieces as a reader does: parse what is there, keep the rest, go on with more. Ends at the first error.</summary>
    private static List<string> Split(byte[] bytes, int[] cuts)
    {
        var answers = new List<string>();
        var start = 0;
        foreach (var end in cuts.Where(cut => cut < bytes.Length).Order().Append(bytes.Length))
        {
            while (true)
            {
                var answer = FastAnswer.Parse(bytes.AsSpan(start..end), Server);
                if (answer.Error is not null) return [.. answers, answer.Error];
                if (answer.Consumed == 0) break;
                answers.Add(answer.Outcome);
                start += answer.Consumed;
            }
        }

        return answers;
    }
}
