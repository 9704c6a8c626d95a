using Bus.Core.Endpoint;

namespace Bus.Transport.Client;

/// <summary>What goes on when the bus has seen all that was sent before: round trips, subscriptions that are opened, drains. Owned by the endpoint actor.</summary>
internal sealed class PendingBarriers(ClientSubscriptions subscriptions)
{
    private readonly HashSet<object> _commands = [];

    public int Count => _commands.Count;

    public IReadOnlyCollection<object> All => _commands;

    public void Add(object command) => _commands.Add(command);

    /// <summary>Whether a subscription that is being opened was refused since it was last asked.</summary>
    public bool IsRefused(object command)
    {
        if (command is not OpenSubscription { Subscription.Refusal: { } refusal } open || open.Error is not null || !_commands.Contains(command)) return false;
        open.Error = refusal;
        return true;
    }

    /// <summary>The bus has seen all that was sent before this command.</summary>
    public void Passed(object command)
    {
        if (!_commands.Remove(command)) return;
        if (command is FlushCommand flush) flush.Done();
        else if (command is OpenSubscription { Error: { } error } refused) refused.Fail(error);
        else if (command is OpenSubscription open) open.Opened();
        else if (command is CloseSubscription drain) subscriptions.EndDrain(drain.Subscription);
    }

    /// <summary>The connection broke: round trips fail, for drains nothing more can come, and what is being opened waits for the next connection.</summary>
    public void Break(Exception error)
    {
        foreach (var drain in _commands.OfType<CloseSubscription>().ToArray()) Passed(drain);
        foreach (var flush in _commands.OfType<FlushCommand>().ToArray())
        {
            _commands.Remove(flush);
            flush.Fail(error);
        }
    }

    /// <summary>There will be no next connection.</summary>
    public void Abandon(Exception error)
    {
        foreach (var open in _commands.OfType<OpenSubscription>()) open.Fail(error);
        _commands.Clear();
    }
}
