using Bus.Core.Client;

namespace Actors;

/// <summary>One warehouse, one actor: reserves one request after the other, so there is nothing to lock.</summary>
internal sealed class Warehouse(string name, Shelves shelves) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        if (message is not Reserve reserve)
        {
            Unhandled(message);
            return;
        }

        // The bug: nobody thought of articles that are not there. This throws, and the actor fails.
        var pieces = shelves[reserve.Article];
        if (pieces < reserve.Pieces)
        {
            // Not a bug but an answer: the asker gets the error, and this actor goes on.
            Sender.Tell(new Status.Failure(new RemoteErrorException($"only {pieces} left", 409, "out-of-stock")));
            return;
        }

        shelves[reserve.Article] = pieces - reserve.Pieces;
        Console.WriteLine($"inventory: {name} reserved {reserve.Pieces} of article {reserve.Article}");
        Sender.Tell(new Reserved(shelves[reserve.Article]));
    }

    /// <summary>Whoever asked for what made this actor fail hears of it at once.</summary>
    protected override void PreRestart(Exception reason, object message)
    {
        Sender.Tell(new Status.Failure(reason));
        base.PreRestart(reason, message);
    }
}
