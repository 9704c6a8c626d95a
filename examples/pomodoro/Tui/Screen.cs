using System.Threading.Channels;
using Bus.Core.Client;
using Pomodoro.Commands;
using Pomodoro.Model;
using Spectre.Console;

namespace Pomodoro.Tui;

/// <summary>The terminal UI: what comes from the server and from the keys changes the view one by one, and each change is drawn.</summary>
internal sealed class Screen(IBus bus, IAnsiConsole console, Keyboard keyboard)
{
    private const int Days = 7;

    private readonly PomodoroClient _server = new(bus);
    private readonly Channel<Func<View, View>> _changes = Channel.CreateUnbounded<Func<View, View>>(new() { SingleReader = true });
    // One request to read again is enough, however often it is said meanwhile.
    private readonly Channel<bool> _stale = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bus.StateChanged += (_, change) => OnState(change.Current);
        await using var times = await bus.OpenSubscriptionAsync(Broadcasts.Timer, Does<TimerView>(timer => Show(view => view with { Timer = timer })), cancellationToken: end.Token);
        await using var alarms = await bus.OpenSubscriptionAsync(Broadcasts.Alarm, Does<Session>(OnAlarm), cancellationToken: end.Token);
        await using var changes = await bus.OpenSubscriptionAsync(Broadcasts.Changed, Does<byte[]>(_ => Reread()), cancellationToken: end.Token);
        Reread();
        var display = console.Live(Dashboard.Of(new View())).Overflow(VerticalOverflow.Crop).Cropping(VerticalOverflowCropping.Bottom);
        Task[] work = [display.StartAsync(context => DrawAsync(context, end.Token)), RefreshAsync(end.Token), ListenAsync(new Keys(_server, Show), end), times.Completion];
        try
        {
            // Any of them ends it all: a key, Ctrl-C, a bus that is closed for good.
            await await Task.WhenAny(work);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The key for it, or Ctrl-C.
        }
        finally
        {
            await end.CancelAsync();
            await work[0].ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Show(Func<View, View> change) => _changes.Writer.TryWrite(change);

    private void Reread() => _stale.Writer.TryWrite(true);

    private void OnState(BusState state)
    {
        Show(view => view with { IsServerAway = state == BusState.Reconnecting });
        // Whatever was broadcast meanwhile was missed.
        if (state == BusState.Connected) Reread();
    }

    private void OnAlarm(Session session)
    {
        console.Write(new ControlCode("\a"));
        Show(view => view with { Note = $"{Words.Of(session.Phase)} is over: space starts what comes next" });
    }

    private static Func<BusMessage<T>, CancellationToken, ValueTask> Does<T>(Action<T> action) => (message, _) =>
    {
        action(message.Data);
        return ValueTask.CompletedTask;
    };

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await foreach (var _ in _stale.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                var todos = await _server.TodosAsync(cancellationToken);
                var days = await _server.StatsAsync(Days, cancellationToken);
                Show(view => view.With(todos) with { Days = [.. days] });
            }
            catch (BusException)
            {
                // The server is away or just starting: it tells when it is there, and then this is asked again.
            }
        }
    }

    private async Task ListenAsync(Keys keys, CancellationTokenSource end)
    {
        await foreach (var key in keyboard.Read().ReadAllAsync(end.Token))
        {
            Show(view =>
            {
                var next = keys.Press(view, key, end.Token);
                if (next is null) end.Cancel();
                return next ?? view;
            });
        }
    }

    private async Task DrawAsync(LiveDisplayContext context, CancellationToken cancellationToken)
    {
        var view = new View();
        while (await _changes.Reader.WaitToReadAsync(cancellationToken))
        {
            while (_changes.Reader.TryRead(out var change)) view = change(view);
            context.UpdateTarget(Dashboard.Of(view));
        }
    }
}
