using Bus.Core.Client;

namespace Actors;

/// <summary>Writes down what happens in the shop, and stops when the shop has closed.</summary>
internal sealed class Journal : UntypedActor
{
    private int _entries;

    protected override void OnReceive(object message)
    {
        if (message is not BusMessage<ShopEvent> { Data: var entry })
        {
            Unhandled(message);
            return;
        }

        Console.WriteLine($"journal: {++_entries}. {entry.Text}");
        if (!entry.IsLast) return;
        Sender.Tell($"{_entries} entries in the journal");
        Context.Stop(Self);
    }
}
