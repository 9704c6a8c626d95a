using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Hosting;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.JsonLines;

/// <summary>Surveys by clients of JSON lines.</summary>
public abstract class JsonSurveyContract(BusScheme over)
{
    [Fact]
    public async Task Everybody_is_asked_and_the_end_says_how_many_answered()
    {
        await using var bus = await JsonBus.StartAsync();
        await using var peer = await bus.ConnectAsync(over);
        await using var one = await bus.Local.RespondAsync<string, int>("load", (_, _, _) => new(1));
        await using var two = await bus.Local.RespondAsync<string, int>("load", (_, _, _) => new(2));
        await using var three = await bus.Local.RespondAsync<string, int>("load", (_, _, _) => throw new RemoteErrorException("no idea", 404, "unknown"));

        await peer.SendAsync("""{"op":"survey","topic":"load","text":"?","id":1}""");
        Assert.Equal(
            ["""{"op":"answer","id":1,"data":1}""", """{"op":"answer","id":1,"data":2}""", """{"op":"answer","id":1,"error":{"code":"unknown","message":"no idea","status":404}}"""],
            new[] { await peer.LineAsync(), await peer.LineAsync(), await peer.LineAsync() }.Order(StringComparer.Ordinal));
        await peer.ExpectAsync("""{"op":"end","id":1,"asked":3,"answered":3}""");

        await peer.SendAsync("""{"op":"survey","topic":"load","max":1,"as":"text","id":2}""");
        Assert.StartsWith("""{"op":"answer","id":2,""", await peer.LineAsync(), StringComparison.Ordinal);
        await peer.ExpectAsync("""{"op":"end","id":2,"asked":3,"answered":1}""");
        Assert.Equal("""{"op":"end","id":3,"asked":0,"answered":0}""", await peer.AskAsync("""{"op":"survey","topic":"nobody","id":3}"""));
    }

    [Fact]
    public async Task Who_does_not_answer_in_time_is_missing_and_a_survey_can_be_cancelled()
    {
        await using var bus = await JsonBus.StartAsync();
        await using var peer = await bus.ConnectAsync(over);
        await using var silent = await bus.Local.OpenSubscriptionAsync<string>("load");
        await using var one = await bus.Local.RespondAsync<string, int>("load", (_, _, _) => new(1));

        await peer.SendAsync("""{"op":"survey","topic":"load","timeout":3000,"id":1}""");
        var lines = new List<string>();
        do lines.Add(await peer.LineAsync());
        while (!lines[^1].Contains("\"end\"", StringComparison.Ordinal));
        // How fast a responder is, is not the point here.
        Assert.Contains(lines[^1], (string[])["""{"op":"end","id":1,"asked":2,"answered":1}""", """{"op":"end","id":1,"asked":2,"answered":0}"""]);

        await peer.SendAsync("""{"op":"survey","topic":"load","timeout":3600000,"id":2}""");
        await peer.ExpectAsync("""{"op":"answer","id":2,"data":1}""");
        Assert.Equal("""{"op":"error","id":2,"error":{"code":"cancelled","message":"What was asked of 'load' was cancelled by 'cancel'."}}""", await peer.AskAsync("""{"op":"cancel","id":2}"""));
    }

    [Fact]
    public async Task A_question_that_the_bus_refuses_is_an_error()
    {
        await using var bus = await JsonBus.StartAsync(options: new IpcBusOptions { TopicCreation = TopicCreation.Declared });
        await using var peer = await bus.ConnectAsync(over);
        Assert.StartsWith("""{"op":"error","id":1,"error":{"code":"topic-undeclared",""", await peer.AskAsync("""{"op":"survey","topic":"load","id":1}"""), StringComparison.Ordinal);
        Assert.StartsWith("""{"op":"error","id":2,"error":{"code":"bad-value","message":"The topic 'a.*'""", await peer.AskAsync("""{"op":"survey","topic":"a.*","id":2}"""), StringComparison.Ordinal);
    }
}

public sealed class UnixJsonSurveyTests() : JsonSurveyContract(BusScheme.Unix);

public sealed class TcpJsonSurveyTests() : JsonSurveyContract(BusScheme.Tcp);

public sealed class PipeJsonSurveyTests() : JsonSurveyContract(BusScheme.Pipe);
