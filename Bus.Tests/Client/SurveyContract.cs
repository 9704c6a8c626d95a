using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Tests.Client;

/// <summary>Asking everybody.</summary>
public abstract class SurveyContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly SurveyOptions Patient = new() { Timeout = Guarding.Limit };

    [Fact]
    public async Task A_survey_ends_when_everybody_has_answered_errors_included()
    {
        var (asker, other) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        await using var one = await other.RespondAsync<string, string>("ask.me", (question, _) => ValueTask.FromResult($"one:{question}")).Guard();
        await using var two = await asker.RespondAsync<string, string>("ask.*", (question, _) => ValueTask.FromResult($"two:{question}")).Guard();
        await using var broken = await other.RespondAsync<string, string>("ask.>", (_, _) => throw new RemoteErrorException("no", 409, "conflict")).Guard();

        var result = await asker.SurveyAsync<string, string>("ask.me", "q", Patient).Guard();

        Assert.Equal((3, 3, 0, true), (result.Asked, result.Answers.Count, result.Missing, result.IsComplete));
        Assert.Equal(["one:q", "two:q"], result.Answers.Where(answer => answer.Error is null).Select(answer => answer.Data).Order(StringComparer.Ordinal));
        Assert.Equal("conflict", Assert.Single(result.Answers, answer => answer.Error is not null).Error!.Error);
        Assert.All(result.Answers, answer => Assert.True(answer.Elapsed > TimeSpan.Zero));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("99999999999999999999")]
    public async Task An_answer_with_the_header_of_the_bus_is_an_answer(string reached)
    {
        var bus = await Fixture.ConnectAsync();
        await using var odd = await bus.OpenSubscriptionAsync<string>("ask", (message, token) => message.ReplyAsync("odd", new BusHeaders { ["Bus-Reached"] = reached }, token)).Guard();

        var result = await bus.SurveyAsync<string, string>("ask", "?", Patient).Guard();

        Assert.Equal((1, true), (result.Asked, result.IsComplete));
        Assert.Equal("odd", Assert.Single(result.Answers).Data);
    }

    [Fact]
    public async Task Who_has_not_answered_at_the_deadline_is_missing()
    {
        var bus = await Fixture.ConnectAsync();
        await using var quick = await bus.RespondAsync<string, string>("ask", (_, _) => ValueTask.FromResult("here")).Guard();
        await using var silent = await bus.OpenSubscriptionAsync<string>("ask").Guard();

        var result = await bus.SurveyAsync<string, string>("ask", "?", new SurveyOptions { Timeout = TimeSpan.FromSeconds(2) }).Guard();

        Assert.Equal((2, 1, false), (result.Asked, result.Missing, result.IsComplete));
        Assert.Equal("here", Assert.Single(result.Answers).Data);
    }

    [Fact]
    public async Task An_answer_behind_the_deadline_is_noticed()
    {
        var (bus, other) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var late = await other.RespondAsync<string, string>("ask", async (_, _) =>
        {
            await over.Task;
            return "late";
        }).Guard();
        var noticed = new TaskCompletionSource<BusNoticeEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        bus.Noticed += (_, notice) => noticed.TrySetResult(notice);

        var result = await bus.SurveyAsync<string, string>("ask", "?", new SurveyOptions { Timeout = TimeSpan.FromMilliseconds(500) }).Guard();
        over.SetResult();

        Assert.Equal((1, 1), (result.Asked, result.Missing));
        var notice = await noticed.Task.Guard();
        Assert.Equal((BusNoticeKind.LateReply, "ask"), (notice.Kind, notice.Topic));
    }

    [Fact]
    public async Task A_count_or_a_quorum_of_answers_is_enough()
    {
        var bus = await Fixture.ConnectAsync();
        await using var silent = await bus.OpenSubscriptionAsync<string>("ask").Guard();
        var responders = new List<ISubscription>();
        for (var i = 0; i < 3; i++) responders.Add(await bus.RespondAsync<string, string>("ask", (_, _) => ValueTask.FromResult("here")).Guard());

        foreach (var options in new[] { Patient with { Count = 2 }, Patient with { Quorum = 0.5 } })
        {
            var result = await bus.SurveyAsync<string, string>("ask", "?", options).Guard();
            Assert.True(result is { Asked: 4, IsComplete: true } && result.Answers.Count is 2 or 3, $"{result}");
        }

        foreach (var responder in responders) await responder.DisposeAsync();
    }

    [Fact]
    public async Task Nobody_is_a_result_at_once_and_for_a_request_an_error()
    {
        var bus = await Fixture.ConnectAsync();
        var result = await bus.SurveyAsync<string, string>("nobody", "?", Patient).Guard();
        Assert.Equal((0, 0, true), (result.Asked, result.Answers.Count, result.IsComplete));
        await Assert.ThrowsAsync<NoRespondersException>(() => bus.RequestFirstAsync<string, string>("nobody", "?", Guarding.Limit).Guard());
    }

    [Fact]
    public async Task The_first_good_answer_wins()
    {
        var bus = await Fixture.ConnectAsync();
        await using var broken = await bus.RespondAsync<string, string>("ask", (_, _) => throw new RemoteErrorException("no", 409, "conflict")).Guard();
        Assert.Equal("conflict", (await Assert.ThrowsAsync<RemoteErrorException>(() => bus.RequestFirstAsync<string, string>("ask", "?", Guarding.Limit).Guard())).Error);

        await using var silent = await bus.OpenSubscriptionAsync<string>("ask").Guard();
        await using var good = await bus.RespondAsync<string, string>("ask", (_, _) => ValueTask.FromResult("here")).Guard();
        Assert.Equal("here", await bus.RequestFirstAsync<string, string>("ask", "?", Guarding.Limit).Guard());
    }

    [Fact]
    public async Task Answers_can_be_taken_as_they_come()
    {
        var bus = await Fixture.ConnectAsync();
        var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var slow = await bus.RespondAsync<string, string>("ask", async (_, _) =>
        {
            await late.Task;
            return "slow";
        }).Guard();
        await using var quick = await bus.RespondAsync<string, string>("ask", (_, _) => ValueTask.FromResult("quick")).Guard();

        var order = new List<string>();
        await foreach (var answer in bus.SurveyEachAsync<string, string>("ask", "?", Patient))
        {
            order.Add(answer.Data);
            late.TrySetResult();
        }

        Assert.Equal(["quick", "slow"], order);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        var bus = await Fixture.ConnectAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => bus.SurveyAsync<string, string>("a.*", "?"));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bus.SurveyAsync<string, string>("a", "?", new SurveyOptions { Timeout = TimeSpan.Zero }));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => bus.SurveyAsync<string, string>("a", "?", new SurveyOptions { Quorum = 1.5 }));
    }
}

public sealed class LocalSurveyTests : SurveyContract<LocalBusFixture>;

public sealed class UnixSurveyTests : SurveyContract<UnixBusFixture>;

public sealed class TcpSurveyTests : SurveyContract<TcpBusFixture>;
