using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Bus.Cli.Execution;
using Bus.Cli.Output;
using Bus.Core;
using Bus.Core.Client;
using Bus.Transport.Connections;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus topics</c>: the topics that are declared on a bus.</summary>
internal static class TopicsCommand
{
    private static readonly (string Name, SlowSubscriberAction Action)[] Actions = [("hold", SlowSubscriberAction.Hold), ("drop", SlowSubscriberAction.Drop), ("disconnect", SlowSubscriberAction.Disconnect)];

    public static Command Create()
    {
        var json = new Option<bool>("--json", "-j") { Description = "Print the JSON object that the bus sent" };
        var bus = new BusOptions();
        var command = new Command("topics", "Show the topics that are declared, with their policies; declare one, or delete it.") { CreateOne(), Delete(), json };
        foreach (var option in bus.All) command.Options.Add(option);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "topics", cancellationToken);
            if (parsed.GetValue(json)) await Console.Out.WriteLineAsync(await session.Bus.RequestAsync<string, string>(SystemTopics.ListTopics, "", timeout: null, cancellationToken));
            else await PrintAsync(await session.Bus.GetTopicsAsync(cancellationToken: cancellationToken));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command CreateOne()
    {
        var names = CommonOptions.Filters("name", "The topic, or a filter such as orders.* for many with one policy");
        var retain = new Option<bool>("--retain") { Description = "Keep every message as the last value of its topic" };
        var subscribers = Number("--max-subscribers", "How many subscriptions there may be");
        var payload = new Option<long?>("--max-payload") { Description = "The largest message, headers and payload together. Default: no limit", HelpName = "size", CustomParser = ParseSize };
        var slow = new Option<SlowSubscriberAction?>("--slow")
        {
            Description = "What happens to a slow subscriber: hold (publishers wait for it), drop (what it has no room for), disconnect. Default: hold", HelpName = "action", CustomParser = ParseAction,
        };
        var bus = new BusOptions();
        var command = new Command("create", "Declare topics, until they are deleted or the bus ends. If some are refused, the others are declared all the same: it says which, and exits with 1.") { names, retain, subscribers, payload, slow };
        foreach (var option in bus.All) command.Options.Add(option);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            var policy = new TopicPolicy { Retain = parsed.GetValue(retain), MaxSubscribers = parsed.GetValue(subscribers), MaxPayload = (int?)parsed.GetValue(payload), WhenSlow = parsed.GetValue(slow) ?? SlowSubscriberAction.Hold };
            await using var session = await bus.OpenAsync(parsed, "topics", cancellationToken);
            return await EachName.RunAsync(parsed.GetValue(names)!, "declared", name => session.Bus.CreateTopicAsync(name, policy, cancellationToken));
        }));
        return command;
    }

    private static Command Delete()
    {
        var names = CommonOptions.Filters("name", "The topic, or the filter, as it was declared");
        var bus = new BusOptions();
        var command = new Command("delete", "Delete declared topics, with their values. Their subscriptions end. If some cannot be, the others are deleted all the same: it says which, and exits with 1.") { names };
        foreach (var option in bus.All) command.Options.Add(option);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "topics", cancellationToken);
            return await EachName.RunAsync(parsed.GetValue(names)!, "deleted", async name =>
            {
                if (!await session.Bus.DeleteTopicAsync(name, cancellationToken)) throw new FailureException($"no topic '{name}' is declared: 'ipcbus topics' shows those that are.");
            });
        }));
        return command;
    }

    private static async Task PrintAsync(TopicList list)
    {
        foreach (var topic in list.Topics) await Console.Out.WriteLineAsync($"{topic.Name}  {Plural.Of(topic.Subscribers, "subscriber")}{PolicyText(topic.Policy)}");
        var others = list.Creation == TopicCreation.Declared ? "no others can be used" : "others can be used too";
        await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{list.Count} declared, at most {list.MaxTopics:N0}; {others}"));
    }

    private static string PolicyText(TopicPolicy policy) => string.Concat(
        policy.Retain ? "  --retain" : "",
        policy.MaxSubscribers is { } subscribers ? string.Create(CultureInfo.InvariantCulture, $"  --max-subscribers {subscribers}") : "",
        policy.MaxPayload is { } payload ? string.Create(CultureInfo.InvariantCulture, $"  --max-payload {ByteSize.Text(payload)}") : "",
        policy.WhenSlow == SlowSubscriberAction.Hold ? "" : $"  --slow {Array.Find(Actions, a => a.Action == policy.WhenSlow).Name}");

    private static Option<int?> Number(string name, string description) => new(name)
    {
        Description = $"{description}. Default: no limit",
        HelpName = "n",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0) return number;
            result.AddError($"'{text}' is out of range for {name}: 1 to {int.MaxValue:N0}.");
            return null;
        },
    };

    private static long? ParseSize(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (!ByteSize.TryParse(text, out var bytes)) result.AddError($"'{text}' is not a size for --max-payload: write a number of bytes, or one with KiB or MiB behind it, such as 64KiB.");
        else if (bytes is < 0 or > ConnectionOptions.LargestMaxPayload) result.AddError($"'{text}' is out of range for --max-payload: 0 to {ByteSize.Text(ConnectionOptions.LargestMaxPayload)}, which is the most that a bus can be set to.");
        else return bytes;
        return null;
    }

    private static SlowSubscriberAction? ParseAction(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (Array.Exists(Actions, a => a.Name == text)) return Array.Find(Actions, a => a.Name == text).Action;
        result.AddError($"'{text}' is no action for --slow: {string.Join(", ", Actions.Select(a => a.Name))}.");
        return default;
    }
}
