using System.Text;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>The requests of one endpoint from the slot to the answer: replies, deadlines, and what ends them early. Owned by the endpoint actor.</summary>
internal sealed class PendingRequests(EndpointLink link, ITimerScheduler timers, TimeProvider time)
{
    private readonly InboxTable _inbox = new(time);
    private long _timerDue = long.MaxValue;

    /// <summary>What the endpoint subscribes to for the replies.</summary>
    public string Filter => _inbox.Filter;

    public int Count => _inbox.Count;

    public int MaxReplyToLength => _inbox.MaxReplyToLength;

    public int WriteReplyTo(RequestCommand request, Span<byte> target) => _inbox.WriteReplyTo(request, target);

    /// <summary>Gives the request a slot; from now on it ends in one way or another.</summary>
    public bool TryAdd(RequestCommand request)
    {
        var isNew = request.Deadline == 0;
        if (!_inbox.TryAdd(request))
        {
            request.Fail(new BusRefusedException($"No room for {Addressee.Of(request.Topic).Request}: {_inbox.Count:N0} requests of this bus wait for replies already.", Addressee.Of(request.Topic).Topic));
            return false;
        }

        if (request.Deadline < _timerDue) StartTimer(request.Deadline, isNew ? request.Timeout : Left(request));
        return true;
    }

    /// <summary>The caller gave it up.</summary>
    public void Cancel(RequestCommand request)
    {
        request.IsCancelled = true;
        if (!request.IsTaken) request.ReturnMessage();
        else _inbox.Remove(request);
    }

    /// <summary>A deadline may have passed.</summary>
    public void Tick(Func<RequestCommand, Exception> error)
    {
        foreach (var request in _inbox.TakeExpired()) End(request, error(request));
        _timerDue = long.MaxValue;
        if (_inbox.NextDue() is { } due) StartTimer(time.GetTimestamp() + (long)(due.TotalSeconds * time.TimestampFrequency), due);
    }

    /// <summary>The bus is closing: none of them can be answered any more.</summary>
    public void FailAll(Func<RequestCommand, Exception> error)
    {
        foreach (var request in _inbox.TakeAll()) End(request, error(request));
    }

    /// <summary>Those that wait and have been sent, in that order.</summary>
    public IReadOnlyList<RequestCommand> Sent() => _inbox.Sent();

    /// <summary>The connection broke: those that have been sent cannot be answered any more.</summary>
    public void FailSent(Func<RequestCommand, Exception> error)
    {
        foreach (var request in _inbox.TakeSent()) End(request, error(request));
    }

    /// <summary>Takes replies and gives the delivery back.</summary>
    /// <param name="delivery">The replies.</param>
    /// <param name="retry">Asked when a request reached nobody: because of its responder's loss, or in the first place. True: it is sent again, and not ended.</param>
    public void Take(Delivery delivery, Func<RequestCommand, bool, bool> retry)
    {
        try
        {
            for (var n = 0; n < delivery.Count; n++) Take(delivery.Batch, delivery[n], retry);
        }
        finally
        {
            delivery.Dispose();
        }
    }

    private void Take(PublishBatch batch, int index, Func<RequestCommand, bool, bool> retry)
    {
        var status = HeaderBlock.ReadStatus(batch.Headers(index));
        if (!_inbox.TryTake(batch.Topic(index), out var request))
        {
            // A status for a request that was given up tells nobody anything.
            if (status == 0) TellLate(batch, index);
            return;
        }

        if (status == 503)
        {
            var isLost = HeaderBlock.Contains(batch.Headers(index), "Bus-Error"u8);
            if (retry(request, isLost)) return;
            request.Fail(isLost ? new ResponderLostException(request.Topic) : new NoRespondersException(request.Topic));
            return;
        }

        // Whoever was there when it was sent first may come back, as after a restart of the bus.
        if (request is { SafeToRetry: true, IsPatient: true } && ErrorHeaders.IsAbsence(batch.Headers(index)) && retry(request, false)) return;
        ref readonly var entry = ref batch[index];
        var replyTo = entry.HasReply ? Encoding.UTF8.GetString(batch.ReplyTo(index)) : null;
        request.Answer(new ReceivedMessage(Encoding.UTF8.GetString(batch.Topic(index)), replyTo, batch.Body(index).ToArray(), entry.HeaderLength));
    }

    private void TellLate(PublishBatch batch, int index)
    {
        Addressee? asked = _inbox.TopicOfEnded(batch.Topic(index)) is { } topic ? Addressee.Of(topic) : null;
        link.Notice(BusNoticeKind.LateReply, $"A reply of {Plural.Of(batch.Payload(index).Length, "byte")} came too late for {asked?.Request ?? "its request"}; it was dropped.", asked?.Topic);
    }

    private void StartTimer(long due, TimeSpan delay)
    {
        _timerDue = due;
        timers.StartSingleTimer(RequestsDue.Instance, RequestsDue.Instance, delay);
    }

    private TimeSpan Left(RequestCommand request)
    {
        var left = time.GetElapsedTime(time.GetTimestamp(), request.Deadline);
        return left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
    }

    private static void End(RequestCommand request, Exception error)
    {
        request.IsCancelled = true;
        request.Fail(error);
    }
}

/// <summary>Told to an endpoint by its timer: look at the deadlines.</summary>
internal sealed class RequestsDue
{
    public static readonly RequestsDue Instance = new();
}
