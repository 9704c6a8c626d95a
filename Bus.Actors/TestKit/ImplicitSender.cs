namespace Bus.Actors.TestKit;

/// <summary>
/// Makes the test actor the sender of what a test tells without naming one, as long as the test stays on the thread that made it: after an await
/// it may be on another, where such a message has no sender.
/// </summary>
internal static class ImplicitSender
{
    public static void Set(IActorRef testActor) => ActorCell.Current = ((LocalActorRef)testActor).Cell;

    public static void Clear(IActorRef testActor)
    {
        if (ActorCell.Current is { } cell && ReferenceEquals(cell.Self, testActor)) ActorCell.Current = null;
    }
}
