using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>
/// Stands for a topic among actors. What an Ask sends is a request, and its reply is told to the asker; anything else is
/// published. A publish that has to wait for room holds up the mailbox, not a thread: order is that of the mailbox.
/// Requests wait for nothing but their turn, so any number of them is under way at once.
/// </summary>
internal sealed class TopicRefActor(TopicRefSetup setup) : UntypedActor
{
    private readonly LostMessages _lost = new(setup.Topic, setup.Link);
    private readonly PublishOptions? _publish = setup.Options.Headers is { } headers ? new PublishOptions { Headers = headers } : null;
    private readonly RequestOptions _request = new() { Timeout = setup.Options.Timeout, Headers = setup.Options.Headers };

    protected override void PreStart()
    {
        setup.Owner.Started(Self);
        // An endpoint that gives up for good takes its references along.
        Context.Watch(setup.Endpoint);
    }

    protected override void PostStop()
    {
        _lost.OutageOver();
        setup.Owner.Stopped(Self);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Terminated terminated when terminated.ActorRef.Equals(setup.Endpoint):
            case CloseTopicRef:
                Context.Stop(Self);
                break;
            case var _ when Askers.IsAsker(Sender):
                _ = AnswerAsync(message, Sender, Self);
                break;
            case Status.Failure failure:
                // Piped here from a task that was to bring the message.
                _lost.Add(failure.Cause ?? new InvalidOperationException("It came as a failure without a cause."));
                break;
            default:
                Publish(message);
                break;
        }
    }

    /// <summary>The request is on its way when this returns to the actor's turn; the answer comes on the pool.</summary>
    private async Task AnswerAsync(object message, IActorRef asker, IActorRef self)
    {
        object answer;
        try
        {
            answer = await setup.Replies.RequestAsync(setup.Bus, setup.Topic, message, _request);
        }
        catch (Exception e)
        {
            answer = new Status.Failure(e);
        }

        asker.Tell(answer, self);
    }

    private void Publish(object message)
    {
        try
        {
            var publishing = PublishAsync(message).AsTask();
            if (publishing.IsCompletedSuccessfully) _lost.OutageOver();
            else RunTask(() => WaitAsync(publishing));
        }
        catch (Exception e)
        {
            _lost.Add(e);
        }
    }

    private ValueTask PublishAsync(object message)
    {
        if (message is not BusMessage relayed) return UntypedPayload.Of(message).PublishAsync(setup.Bus, setup.Topic, message, _publish);
        var options = new PublishOptions { Headers = relayed.RawHeaders ?? setup.Options.Headers, ReplyTo = relayed.ReplyTo };
        return setup.Bus.PublishAsync(setup.Topic, relayed.RawPayload, options);
    }

    private async Task WaitAsync(Task publishing)
    {
        try
        {
            await publishing.WaitAsync(setup.Owner.Closing);
            _lost.OutageOver();
        }
        catch (OperationCanceledException)
        {
            // Its place in the line for room is its own; closing ends that too.
            _ = publishing.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            _lost.Add(Closed.Error(setup.Topic));
        }
        catch (Exception e)
        {
            _lost.Add(e);
        }
    }
}

/// <summary>What the actor of a topic's reference works with.</summary>
internal sealed record TopicRefSetup(IBus Bus, string Topic, TopicRefOptions Options, TopicReplies Replies, IActorRef Endpoint, EndpointLink Link, TopicRefs Owner);

/// <summary>The bus closes: stop, behind what was told before.</summary>
internal sealed class CloseTopicRef
{
    public static readonly CloseTopicRef Instance = new();
}
