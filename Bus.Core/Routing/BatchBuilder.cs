// Step 4 of the data path: batch. Messages of one read for the same topic actor become one batch: the unit of Tell.
// Before: MatchCache.cs (step 3). Next: Topics/TopicActor.cs (step 5).

using System.Text;
using Bus.Core.Buffers;
using Bus.Core.Messages;

namespace Bus.Core.Routing;

/// <summary>
/// Collects what one producer publishes, one open batch per topic actor, until <see cref="Flush"/> tells them. A message
/// that several filters match goes into several batches (the entry is copied, the bytes are not), so the order of one
/// producer's messages is kept for every subscription. Used by one producer only; not thread-safe.
/// </summary>
internal sealed class BatchBuilder(Router router, IBatchProducer producer, Action<string, TopicRefusal>? refused = null)
{
    // Topic actors told since the last fence. A client that never sends PING must not make this grow.
    private const int MaxTouched = 1024;

    private readonly List<RouteTarget> _open = [];
    private readonly List<TopicRoute> _touched = [];
    private long _fences;
    private bool _isKeeping;

    // Made at the first publish: most connections never do.
    private MatchCache? _cache;

    /// <summary>Whether any topic actor was, or is about to be, told something since the last fence.</summary>
    public bool HasTold
    {
        get
        {
            ForgetWhatArrived();
            return _touched.Count > 0 || _open.Count > 0;
        }
    }

    /// <summary>Whether so many topic actors were told since the last fence that it is time for one.</summary>
    public bool WantsFence => _touched.Count >= MaxTouched;

    /// <summary>
    /// Puts a message into the batch of every topic actor that it matches. All messages between two flushes lie in the same slab. <see cref="Flush"/>, or after a fault
    /// <see cref="LetGo"/>, has to follow on the same thread when a topic that keeps every message may be among them: until then nobody else can keep any.
    /// </summary>
    public void Append(Slab slab, in BatchEntry entry)
    {
        var topic = slab.Bytes.AsSpan(entry.TopicOffset, entry.TopicLength);
        if (topic is [(byte)'$', ..] && SystemTopics.IsConfirmed(topic))
        {
            if (!IsSettledByRule(Cache.Find(SystemTopics.RoutedAs(topic)), slab, entry, isQuestion: SystemTopics.IsSurvey(topic))) AppendConfirmed(slab, entry);
        }
        else if (topic is [(byte)'$', ..] && SystemTopics.IsRetain(topic))
        {
            Keep(slab, entry);
        }
        else
        {
            var match = Cache.Find(topic);
            if (match.Rule is null || !IsSettledByRule(match, slab, entry, isQuestion: entry.HasReply)) Append(match, slab, entry);
        }
    }

    /// <summary>Tells every open batch to its topic actor.</summary>
    public void Flush()
    {
        ForgetWhatArrived();
        try
        {
            foreach (var target in _open)
            {
                var batch = target.Open!;
                target.Open = null;
                Touch(target);
                producer.Sent(batch.Weight);
                target.Route.Topic.Tell(batch, ActorRefs.NoSender);
            }
        }
        finally
        {
            LetGo();
        }

        _open.Clear();
        _cache?.Trim();
    }

    /// <summary>Lets others keep values again.</summary>
    public void LetGo()
    {
        if (!_isKeeping) return;
        _isKeeping = false;
        router.Retained.Sync.Exit();
    }

    /// <summary>Flushes and sends a fence through every topic actor told since the last one; <paramref name="endpoint"/> gets it back from each.</summary>
    public void StartFence(IActorRef endpoint, object? tag = null)
    {
        Flush();
        var fence = new Fence(endpoint, _touched.Count, tag);
        endpoint.Tell(fence, ActorRefs.NoSender);
        foreach (var route in _touched) route.Topic.Tell(fence, ActorRefs.NoSender);
        Untouch();
    }

    /// <summary>When every recipient is done with all that was told, a fence has nothing to wait for: who publishes to very many topics seldom needs one.</summary>
    private void ForgetWhatArrived()
    {
        if (_touched.Count > 0 && producer.IsAtRest) Untouch();
    }

    private void Untouch()
    {
        _touched.Clear();
        _fences++;
    }

    private MatchCache Cache => _cache ??= new MatchCache(router);

    private void Append(Match match, Slab slab, in BatchEntry entry)
    {
        var targets = match.Targets;
        if (targets.Length == 1)
        {
            BatchFor(targets[0], slab).Add(entry);
        }
        else if (targets.Length > 1)
        {
            AppendToSeveral(match, slab, entry);
        }
        else if (entry.HasReply && producer.WantsNoResponders)
        {
            StatusMessage.NoResponders(router, producer, slab.Bytes.AsSpan(entry.ReplyOffset, entry.ReplyLength), Touch);
        }
    }

    private PublishBatch BatchFor(RouteTarget target, Slab slab)
    {
        if (target.Open is { } open) return open;
        _open.Add(target);
        return target.Open = PublishBatch.Rent(slab, producer);
    }

    /// <summary>Routes it as what stands behind the prefix, and lets its reply-to know how many subscriptions it was handed to.</summary>
    private void AppendConfirmed(Slab slab, BatchEntry entry)
    {
        var replyTo = slab.Bytes.AsSpan(entry.ReplyOffset, entry.ReplyLength);
        var whole = slab.Bytes.AsSpan(entry.TopicOffset, entry.TopicLength);
        var isSurvey = SystemTopics.IsSurvey(whole);
        var topic = SystemTopics.RoutedAs(whole);
        entry.TopicOffset += entry.TopicLength - topic.Length;
        entry.TopicLength = topic.Length;
        if (!isSurvey) entry.ReplyLength = 0;
        var match = Cache.Find(topic);
        Append(match, slab, entry);
        if (replyTo.IsEmpty) return;
        if (match.Targets.Length == 0)
        {
            ReachedReceipt.Send(router, producer, replyTo, reached: 0, isSurvey, Touch);
            return;
        }

        var receipt = new ReachedReceipt(match.Targets.Length, router, producer, replyTo.ToArray(), isSurvey);
        foreach (var target in match.Targets) target.Open!.Attach(receipt);
    }

    /// <summary>Refuses a message, or keeps it, if that is the rule of its topic.</summary>
    private bool IsSettledByRule(Match match, Slab slab, in BatchEntry entry, bool isQuestion)
    {
        if (match.Rule is not { } rule) return false;
        if (rule.Refuse(entry.BodyLength) is { } refusal) Refuse(slab, entry, refusal);
        else if (rule.Policy.Retain && !isQuestion) Keep(slab, entry);
        else return false;
        return true;
    }

    /// <summary>
    /// Keeps the message, and tells it before anybody else can keep or be welcomed with another: see <see cref="RetainedStore"/>. A stream of them is told together, at the
    /// next flush: a batch and a lock for each would cost five times as much.
    /// </summary>
    private void Keep(Slab slab, in BatchEntry entry)
    {
        var whole = slab.Bytes.AsSpan(entry.TopicOffset, entry.TopicLength);
        var topic = SystemTopics.RoutedAs(whole);
        var body = slab.Bytes.AsSpan(entry.BodyOffset, entry.BodyLength);
        var isConfirmed = whole.Length > topic.Length;
        if (!_isKeeping) router.Retained.Sync.Enter();
        _isKeeping = true;
        try
        {
            // Looked up again: a topic is deleted under this lock, and must leave nothing behind.
            var match = Cache.Find(topic);
            if ((match.Rule?.Refuse(entry.BodyLength) ?? TryKeep(match, whole, topic, body, entry.HeaderLength)) is { } refusal) Refuse(slab, entry, refusal);
            else if (isConfirmed) AppendConfirmed(slab, entry);
            else Append(match, slab, entry);
        }
        catch
        {
            LetGo();
            throw;
        }

        // In process, who waits for a confirmation flushes later, and perhaps on another thread.
        if (isConfirmed) Flush();
    }

    private TopicRefusal? TryKeep(Match match, ReadOnlySpan<byte> whole, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> body, int headerLength)
    {
        // A client may publish to what is no valid topic; nobody could subscribe to it, or clear it.
        if (!SystemTopics.IsRetain(whole) && (match.Rule is not { Policy.Retain: true } || !Topic.IsValidLiteral(topic))) return null;
        return router.Retained.TrySet(topic, body[..headerLength], body[headerLength..]) is { } problem ? new TopicRefusal(ErrorHeaders.RetainedFull, 507, problem) : null;
    }

    /// <summary>Who waits for an answer gets it; the producer hears of others.</summary>
    private void Refuse(Slab slab, in BatchEntry entry, TopicRefusal refusal)
    {
        if (entry.HasReply) StatusMessage.Answer(router, producer, slab.Bytes.AsSpan(entry.ReplyOffset, entry.ReplyLength), ErrorHeaders.OfBus(refusal.Text, refusal.Code, refusal.Error), payload: default, Touch);
        else refused?.Invoke(Encoding.UTF8.GetString(SystemTopics.RoutedAs(slab.Bytes.AsSpan(entry.TopicOffset, entry.TopicLength))), refusal);
    }

    private void AppendToSeveral(Match match, Slab slab, BatchEntry entry)
    {
        if (entry.HasReply) entry.Shared = new SharedMatch(match.Targets.Length);
        for (var i = 0; i < match.Targets.Length; i++)
        {
            entry.ExcludedQueues = match.SharedQueues.Length == 0 ? null : ExcludedFor(match, i);
            BatchFor(match.Targets[i], slab).Add(entry);
        }

        foreach (var queue in match.SharedQueues) queue.Turn++;
    }

    /// <summary>The shared queue names that, for this message, another target serves.</summary>
    private static string[]? ExcludedFor(Match match, int target)
    {
        List<string>? excluded = null;
        foreach (var queue in match.SharedQueues)
        {
            if (Array.IndexOf(queue.Targets, target) >= 0 && queue.Next != target) (excluded ??= []).Add(queue.Name);
        }

        return excluded?.ToArray();
    }

    private void Touch(TopicRoute route) => Touch(Cache.Target(route));

    private void Touch(RouteTarget target)
    {
        if (target.TouchedIn == _fences) return;
        target.TouchedIn = _fences;
        _touched.Add(target.Route);
    }
}
