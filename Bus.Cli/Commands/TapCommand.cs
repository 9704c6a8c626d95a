using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Bus.Cli.Execution;
using Bus.Cli.Output;
using Bus.Core.Client;
using Bus.Core.Rpc;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus tap</c>: listens in.</summary>
internal static class TapCommand
{
    // Enough to know a message again; whoever needs all of it has --json.
    private const int MaxShown = 200;
    private const int MaxNumbers = 10_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static Command Create()
    {
        var filters = CommonOptions.Filters("filter", "The topics to listen in on, such as users.* or > for all");
        var count = CommonOptions.Count("End after so many messages and answers. Default: never");
        var json = new Option<bool>("--json", "-j") { Description = "Print one JSON object a line: kind (message, request, answer), topic, payload (or payload_base64), of an answer latencyMs and error" };
        var quiet = CommonOptions.Quiet();
        var bus = new BusOptions();
        var command = new Command("tap", "Show what is published and asked on some topics, and what is answered and how fast, until Ctrl-C.") { filters, count, json, quiet };
        foreach (var option in bus.All) command.Options.Add(option);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "tap", cancellationToken);
            session.AfterGap = "; what was said in between is not shown";
            var showing = ShowAsync(session, new TopicFilters(parsed.GetValue(filters)!), parsed.GetValue(count), parsed.GetValue(json), parsed.GetValue(quiet), cancellationToken);
            await CommandRunner.UntilInterruptedAsync(showing, cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task ShowAsync(BusSession session, TopicFilters filters, long count, bool json, bool quiet, CancellationToken cancellationToken)
    {
        var number = 0L;
        var numbers = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var messages = session.Bus.TapAsync(filters, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var next = messages.MoveNextAsync();
        await session.Bus.FlushAsync(cancellationToken);
        if (!quiet) await Console.Error.WriteLineAsync($"ipcbus: listening in on {filters} at {session.Url}");
        for (var shown = 1L; await next; shown++)
        {
            var tapped = messages.Current;
            // Beyond it they are not known again, which for people is no loss.
            if (numbers.Count > MaxNumbers) numbers.Clear();
            if (tapped.IsRequest) numbers[tapped.Message.ReplyTo!] = ++number;
            await Console.Out.WriteLineAsync(json ? JsonSerializer.Serialize(ToJson(tapped), Json) : Text(tapped, numbers));
            if (shown == count) return;
            next = messages.MoveNextAsync();
        }

        throw new FailureException("listening in ended: the bus closed the connection for good.");
    }

    private static string Text(TappedMessage tapped, Dictionary<string, long> numbers)
    {
        var time = TimeProvider.System.GetLocalNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var payload = Shorten(tapped.Message.Payload);
        if (tapped.Request is { } request)
        {
            var latency = string.Create(CultureInfo.InvariantCulture, $"{tapped.Latency!.Value.TotalMilliseconds:0.000} ms");
            var error = tapped.Error is { } code ? $" error {code}{(tapped.Message.Headers["Nats-Service-Error"] is { } text ? $": {text}" : "")}" : "";
            return $"{time} <- {Printable.Text(request.Topic)}{Number(numbers, request.ReplyTo!)} after {latency}{Printable.Text(error)} {payload}".TrimEnd();
        }

        return $"{time} {(tapped.IsRequest ? "->" : "--")} {Printable.Text(tapped.Message.Topic)}{(tapped.IsRequest ? Number(numbers, tapped.Message.ReplyTo!) : "")} {payload}".TrimEnd();
    }

    private static string Number(Dictionary<string, long> numbers, string replyTo) => numbers.TryGetValue(replyTo, out var number) ? string.Create(CultureInfo.InvariantCulture, $" #{number}") : "";

    private static string Shorten(ReadOnlyMemory<byte> payload)
    {
        var text = Printable.Text(Encoding.UTF8.GetString(payload.Span[..Math.Min(payload.Length, MaxShown)]));
        return payload.Length <= MaxShown ? text : string.Create(CultureInfo.InvariantCulture, $"{text}... ({payload.Length:N0} bytes)");
    }

    private static object ToJson(TappedMessage tapped)
    {
        var payload = tapped.Message.Payload.Span;
        var isText = Utf8.IsValid(payload);
        return new
        {
            kind = tapped.Request is not null ? "answer" : tapped.IsRequest ? "request" : "message",
            topic = (tapped.Request ?? tapped.Message).Topic,
            // The same in a request and its answer.
            id = tapped.Request?.ReplyTo ?? tapped.Message.ReplyTo,
            latencyMs = tapped.Latency?.TotalMilliseconds,
            error = tapped.Error,
            headers = tapped.Message.Headers is { Count: > 0 } headers ? headers.GroupBy(h => h.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(h => h.Value), StringComparer.Ordinal) : null,
            payload = isText ? Encoding.UTF8.GetString(payload) : null,
            payload_base64 = isText ? null : Convert.ToBase64String(payload),
        };
    }
}
