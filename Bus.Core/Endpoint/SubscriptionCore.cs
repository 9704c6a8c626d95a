using System.Text;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>
/// What the user holds of a subscription, and what its actor works on: the buffer, the handler, how it ended. It outlives
/// the actor, so that the counts can be read and the rest be enumerated after the end.
/// </summary>
internal abstract class SubscriptionCore : ISubscription
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ended = new();
    private byte[] _lastTopic = [];
    private string _lastTopicText = "";
    private long _told;
    private int _closing;

    protected SubscriptionCore(BusFacade bus, TopicFilters filters, SubscriptionOptions options)
    {
        Bus = bus;
        Filters = filters;
        Options = options;
        Buffer = new MessageBuffer(options.Capacity);
        // Nobody may ever look at it.
        _completion.Task.ContinueWith(static t => _ = t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    public BusFacade Bus { get; }

    public TopicFilters Filters { get; }

    public SubscriptionOptions Options { get; }

    public string? Queue => Options.Queue;

    public MessageBuffer Buffer { get; }

    /// <summary>Called for each message. Null: an actor is told, or somebody enumerates.</summary>
    public Func<BusMessage, CancellationToken, ValueTask>? Handler { get; init; }

    /// <summary>Told each message. Null: there is a handler, or somebody enumerates.</summary>
    public IActorRef? Target { get; init; }

    public long Delivered => Buffer.Taken + Volatile.Read(ref _told);

    public long Pending => Buffer.Count;

    public long Dropped => Buffer.Dropped;

    public Task Completion => _completion.Task;

    public bool HasEnded => _completion.Task.IsCompleted;

    /// <summary>Cancelled when the subscription ends: what a handler gets.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>The handler's exception that its policy sends up, set before it is escalated.</summary>
    public Exception? Escalated { get; set; }

    /// <summary>Why the bus behind the connection refused or ended it. Set by the endpoint.</summary>
    public Exception? Refusal { get; set; }

    /// <summary>Copies a message out of a batch.</summary>
    public abstract BusMessage Copy(PublishBatch batch, int index);

    public Task UnsubscribeAsync(CancellationToken cancellationToken = default) => CloseAsync(drain: false, cancellationToken);

    public Task DrainAsync(CancellationToken cancellationToken = default) => CloseAsync(drain: true, cancellationToken);

    public async ValueTask DisposeAsync() => await CloseAsync(drain: false, CancellationToken.None);

    /// <summary>A message was told to the actor that subscribed.</summary>
    public void Told() => Interlocked.Increment(ref _told);

    /// <summary>Asks the handler that runs to stop.</summary>
    // What the user registered with the token runs on the pool: it may take long, or throw, in nobody's turn.
    public void CancelHandler() => _ = _ended.CancelAsync();

    /// <summary>It has ended: nothing more comes, and no handler runs.</summary>
    public void Finish(Exception? error)
    {
        Buffer.Complete(failed: error is not null);
        CancelHandler();
        if (error is null) _completion.TrySetResult();
        else _completion.TrySetException(error);
    }

    protected string TopicText(ReadOnlySpan<byte> topic)
    {
        // Subscriptions mostly see one topic after the other, and this runs in one actor: remembering one is enough.
        if (topic.SequenceEqual(_lastTopic)) return _lastTopicText;
        _lastTopic = topic.ToArray();
        return _lastTopicText = Encoding.UTF8.GetString(topic);
    }

    private async Task CloseAsync(bool drain, CancellationToken cancellationToken)
    {
        // A drain may be cut short; anything after that has nothing to say.
        var level = drain ? 1 : 2;
        if (!HasEnded && Interlocked.Exchange(ref _closing, level) < level) Bus.Close(this, drain);
        // Its own handler must not wait for itself.
        if (ReferenceEquals(ConsumerContext.Current, this)) return;
        await Completion.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
