#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>The actor behind <see cref="TestKitBase.TestActor"/>: hands everything it receives to the test.</summary>
internal sealed class InternalTestActor : UntypedActor
{
    private readonly TestMailbox _mailbox;

    public InternalTestActor(TestMailbox mailbox)
    {
        _mailbox = mailbox;
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case WatchCommand watch:
                if (watch.On) Context.Watch(watch.Subject);
                else Context.Unwatch(watch.Subject);
                watch.Done.SetResult();
                break;
            default:
                _mailbox.Add(new Received(message, Sender));
                break;
        }
    }

    /// <summary>Start or end watching; <paramref name="Done"/> completes when it is in force.</summary>
    internal sealed record WatchCommand(IActorRef Subject, bool On, TaskCompletionSource Done);
}
