using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Bus.Cli.Execution;
using Bus.Core.Client;
using Bus.Core.Presence;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus watch</c>: what happens on the bus.</summary>
internal static class WatchCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static Command Create() => new("watch", "Show what happens on the bus, until Ctrl-C.") { Presence() };

    private static Command Presence()
    {
        var json = new Option<bool>("--json", "-j") { Description = "Print one JSON object a line: kind, reason, client" };
        var quiet = CommonOptions.Quiet();
        var bus = new BusOptions();
        var command = new Command("presence", "Show who is here, and then who joins and who leaves, and why.") { json, quiet };
        foreach (var option in bus.All) command.Options.Add(option);
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "watch", cancellationToken);
            session.AfterGap = "; who left and who came in between follows";
            await CommandRunner.UntilInterruptedAsync(WatchAsync(session, parsed.GetValue(json), parsed.GetValue(quiet), cancellationToken), cancellationToken);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static async Task WatchAsync(BusSession session, bool json, bool quiet, CancellationToken cancellationToken)
    {
        var isActive = quiet;
        await foreach (var happened in session.Bus.WatchPresenceAsync(includePresent: true, cancellationToken))
        {
            // We are here ourselves, so the first one comes at once.
            if (!isActive) await Console.Error.WriteLineAsync($"ipcbus: watching who comes and goes at {session.Url}");
            isActive = true;
            await Console.Out.WriteLineAsync(json ? JsonSerializer.Serialize(happened, Json) : Text(happened));
        }

        throw new FailureException("watching ended: the bus closed the connection for good.");
    }

    private static string Text(PresenceEvent happened)
    {
        var client = happened.Client;
        var time = TimeProvider.System.GetLocalNow().ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var process = client.Pid is { } pid ? $" process {pid.ToString(CultureInfo.InvariantCulture)}" : "";
        var program = client.Program is null ? "" : $" ({client.Program})";
        return happened.Kind == PresenceKind.Join
            ? $"{time} + {client.Name}{process}{program} on {client.Endpoint}"
            : $"{time} - {client.Name}{process}{program}: {ReasonText(happened.Reason)}";
    }

    private static string ReasonText(LeaveReason? reason) => reason switch
    {
        LeaveReason.Closed => "closed",
        LeaveReason.Lost => "its connection ended without a word",
        LeaveReason.Stale => "did not answer any more",
        LeaveReason.SlowConsumer => "did not read what it had subscribed to",
        LeaveReason.ProtocolError => "broke the protocol",
        LeaveReason.TakenOver => "another has its name now",
        LeaveReason.BusStopped => "the bus stopped",
        null => "gone when the connection was back",
        _ => "failed",
    };
}
