using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>Surveys among processes of which one is frozen and one is killed with the question: enough answers end them, and what is missing is counted.</summary>
public abstract class SurveyKillContract(string url) : DaemonContract(url)
{
    [Theory]
    [InlineData(2, 0)]
    [InlineData(0, 0.5)]
    public async Task A_count_or_a_quorum_is_reached_without_those_who_cannot_answer_any_more(int count, double quorum)
    {
        await using var bus = await ConnectAsync();
        await using var other = await ConnectAsync();
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var quick = await other.RespondAsync<string, string>("ask", (question, _) => new($"quick {question}")).Guard();
        await using var held = await other.RespondAsync<string, string>("ask", async (question, _) =>
        {
            await hold.Task;
            return $"held {question}";
        }).Guard();
        await using var frozen = await StartReadyAsync("ask", "reply", "ask");
        await using var victim = await StartSilentResponderAsync("ask");
        await frozen.FreezeAsync();

        var survey = bus.SurveyAsync<string, string>("ask", "1", new SurveyOptions { Timeout = Never, Count = count, Quorum = quorum });
        await KillWithItsRequestAsync(victim);
        Assert.False(survey.IsCompleted);
        hold.SetResult();

        var result = await survey.Guard();
        Assert.Equal((4, 2, true), (result.Asked, result.Missing, result.IsComplete));
        Assert.Equal(["quick 1", "held 1"], result.Answers.Select(answer => answer.Data));

        // What the one that was frozen says to the first question is no answer to the next.
        await frozen.SignalAsync("CONT");
        await HasGoneAsync(bus, victim);
        var next = await bus.SurveyAsync<string, string>("ask", "2", new SurveyOptions { Timeout = Never }).Guard();
        Assert.Equal((3, true), (next.Asked, next.IsComplete));
        Assert.Equal(["2", "held 2", "quick 2"], next.Answers.Select(answer => answer.Data).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_quorum_that_is_out_of_reach_ends_at_the_deadline_and_an_answer_behind_it_is_told()
    {
        await using var bus = await ConnectAsync();
        await using var here = await bus.RespondAsync<string, string>("ask", (_, _) => new("here")).Guard();
        await using var frozen = await StartReadyAsync("ask", "reply", "ask");
        await using var victim = await StartSilentResponderAsync("ask");
        await frozen.FreezeAsync();
        var late = bus.NoticeAsync(BusNoticeKind.LateReply);

        var survey = bus.SurveyAsync<string, string>("ask", "?", new SurveyOptions { Timeout = TimeSpan.FromSeconds(3), Quorum = 0.6 });
        await KillWithItsRequestAsync(victim);

        var result = await survey.Guard();
        Assert.Equal((3, 2, false), (result.Asked, result.Missing, result.IsComplete));
        Assert.Equal("here", Assert.Single(result.Answers).Data);
        await frozen.SignalAsync("CONT");
        Assert.Equal("ask", (await late).Topic);
    }

    [Fact]
    public async Task A_process_that_asks_and_freezes_has_its_answers_when_it_wakes_up()
    {
        await using var bus = await ConnectAsync();
        var (asked, hold) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var held = await bus.RespondAsync<string, string>("ask", async (_, _) =>
        {
            asked.SetResult();
            await hold.Task;
            return "held";
        }).Guard();
        await using var responder = await StartReadyAsync("ask", "reply", "ask");
        await using var frozen = await StartReadyAsync("ask", "reply", "ask");
        await frozen.FreezeAsync();
        await using var asker = StartIpcBus("survey", "ask", "?", "--count", "2", "--timeout", "10m");
        await asked.Task.Guard();
        await asker.FreezeAsync();
        hold.SetResult();
        await bus.FlushAsync().Guard();

        await asker.SignalAsync("CONT");

        Assert.Equal(0, await asker.ExitAsync());
        Assert.Equal(["?", "held"], asker.Output.Lines.Order(StringComparer.Ordinal));
        Assert.Contains("2 of 3 answered", asker.Errors.Text, StringComparison.Ordinal);
    }

    private static Task HasGoneAsync(IBus bus, ToolProcess process) =>
        Eventually.HoldsAsync(async () => (await bus.GetClientsAsync().Guard()).All(client => client.Pid != process.Id), () => $"Process {process.Id} is still there.");
}

public sealed class UnixSurveyKillTests() : SurveyKillContract("bus");

public sealed class TcpSurveyKillTests() : SurveyKillContract(new RestartingTcpBus().Endpoint.ToString());
