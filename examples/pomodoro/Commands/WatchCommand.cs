using System.CommandLine;
using Bus.Core.Client;
using Pomodoro.Model;

namespace Pomodoro.Commands;

/// <summary><c>pomodoro watch</c>: prints what the server broadcasts, and goes on when it dies and comes back.</summary>
internal static class WatchCommand
{
    public static Command Create()
    {
        var command = new Command("watch", "Print the timer and the alarms, until Ctrl-C.");
        command.Stays(WatchAsync);
        return command;
    }

    private static async Task WatchAsync(IBus bus, CancellationToken cancellationToken)
    {
        bus.StateChanged += (_, change) =>
        {
            if (change.Current == BusState.Reconnecting) Console.Error.WriteLine("pomodoro: the server is away, waiting for it");
            else if (change.Previous == BusState.Reconnecting && change.Current == BusState.Connected) Console.Error.WriteLine("pomodoro: the server is back");
        };
        // Nothing to do after a reconnect: the bus client subscribes again by itself.
        await using var alarms = await bus.OpenSubscriptionAsync<Session>(
            Broadcasts.Alarm,
            (message, _) => PrintAsync($"alarm: {Words.Of(message.Data.Phase)} is over\a"),
            cancellationToken: cancellationToken);
        await using var timer = await bus.OpenSubscriptionAsync<TimerView>(Broadcasts.Timer, (message, _) => PrintAsync(Words.Of(message.Data)), cancellationToken: cancellationToken);
        await timer.Completion.WaitAsync(cancellationToken);
    }

    private static async ValueTask PrintAsync(string line) => await Console.Out.WriteLineAsync(line);
}
