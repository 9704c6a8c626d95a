using System.CommandLine;
using Bus.Cli.Execution;
using Bus.Cli.Output;
using Bus.Core.Client;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus survey</c>: asks everybody who subscribes to a topic, and prints the answers.</summary>
internal static class SurveyCommand
{
    public static Command Create()
    {
        var topic = CommonOptions.Topic();
        var payload = new PayloadArgument { MayBeLeftOut = true };
        var headers = CommonOptions.Headers();
        var timeout = new TimeOption("--timeout", "How long to collect answers; connecting may take no longer either, but at least 5s", RequestOptions.DefaultTimeout) { Aliases = { "-t" } };
        var count = CommonOptions.Count("So many answers are enough. Default: all");
        var json = new Option<bool>("--json", "-j") { Description = "Print each answer as a JSON object in a line: topic (of the question), headers, payload (or payload_base64)" };
        var quiet = new Option<bool>("--quiet") { Description = "Do not say on stderr how many were asked and how many answered" };
        var bus = new BusOptions();

        var command = new Command("survey", "Ask everybody who subscribes to a topic, and print the answers, each in a line, in the order in which they came. Exits with 3 if nobody subscribes, with 4 if not enough have answered in time.") { topic, payload.Text, payload.File, headers, timeout, count, json, quiet };
        foreach (var option in bus.All) command.Options.Add(option);
        payload.Validate(command);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "survey", cancellationToken, RequestCommand.Patience(timeout.Of(parsed)));
            var question = await payload.Of(parsed).ReadAsync(session.Bus.MaxPayload, cancellationToken);
            var options = new SurveyOptions { Headers = parsed.GetValue(headers), Timeout = timeout.Of(parsed), Count = (int)Math.Min(parsed.GetValue(count), int.MaxValue) };
            var result = await session.Bus.SurveyAsync<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(parsed.GetValue(topic)!, question, options, cancellationToken);
            Print(result.Answers, parsed.GetValue(topic)!, parsed.GetValue(json));
            if (!parsed.GetValue(quiet)) await Console.Error.WriteLineAsync($"ipcbus: {Outcome(result, parsed.GetValue(topic)!, timeout.Of(parsed))}");
            return result switch
            {
                { Asked: 0 } => ExitCode.NoResponders,
                { IsComplete: false } => ExitCode.Timeout,
                _ => ExitCode.Ok,
            };
        }));
        return command;
    }

    private static string Outcome(SurveyResult<ReadOnlyMemory<byte>> result, string topic, TimeSpan timeout)
    {
        if (result.Asked == 0) return $"nobody was asked: nobody subscribes to '{topic}'";
        var answered = $"{result.Answers.Count:N0} of {result.Asked:N0} answered";
        return result.IsComplete ? answered : $"{answered} within {timeout.TotalSeconds:0.###} s; the others have the question, but were too slow or do not answer";
    }

    private static void Print(IReadOnlyList<SurveyAnswer<ReadOnlyMemory<byte>>> answers, string topic, bool json)
    {
        using var output = StandardOutput.Open();
        using var writer = new JsonMessageWriter();
        foreach (var answer in answers)
        {
            if (json) writer.Write(answer.Message, "topic", topic, output);
            else if (answer.Error is { } error) Console.Error.WriteLine($"ipcbus: {error.Message}");
            else output.Write([.. answer.Message.Payload.Span, (byte)'\n']);
        }

        output.Flush();
    }
}
