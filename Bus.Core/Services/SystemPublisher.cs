using Bus.Core.Buffers;
using Bus.Core.Messages;
using Bus.Core.Presence;
using Bus.Core.Routing;
using Bus.Core.State;
using Microsoft.Extensions.Logging;

namespace Bus.Core.Services;

/// <summary>
/// The bus itself as a publisher: answers of its services, and events. Owned by one actor. It has no credit
/// to run out of: it publishes little, and what it passes on for others counts as theirs.
/// </summary>
internal sealed class SystemPublisher : IBatchProducer
{
    private readonly BusEnvironment _environment;
    private readonly BatchBuilder _builder;
    private readonly RefusedPublishes _refused;

    /// <param name="environment">The bus.</param>
    /// <param name="timers">The timers of the actor that owns it, which are not there yet.</param>
    public SystemPublisher(BusEnvironment environment, Func<ITimerScheduler> timers)
    {
        _environment = environment;
        _refused = new RefusedPublishes(environment.Loggers.CreateLogger<SystemPublisher>());
        _builder = new BatchBuilder(environment.Router, this, refused: (topic, refusal) => _refused.Add(topic, refusal.Text, timers()));
    }

    public object Origin => this;

    public Participant? Participant => null;

    public bool IsInProcess => true;

    public bool WantsNoResponders => false;

    public SlabPool Slabs => _environment.Slabs;

    // Nobody asks it whether all has arrived: it needs no fences, and remembers nobody for one.
    public bool IsAtRest => true;

    /// <summary>Logs what was not published meanwhile.</summary>
    public void TellRefused(ITimerScheduler timers) => _refused.Tell(timers);

    /// <summary>Publishes a message.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="headers">The header block; may be empty.</param>
    /// <param name="payload">The payload.</param>
    public void Publish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload) => Append(_builder, topic, replyTo: default, headers, payload);

    /// <summary>Publishes for somebody else: what is on its way counts in that one's window, and its subscriptions see it as their own.</summary>
    public void PublishFor(IBatchProducer producer, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload) =>
        Append(new BatchBuilder(_environment.Router, producer), topic, replyTo, headers, payload);

    public void Sent(long bytes)
    {
        // No credit to use.
    }

    public void Consumed(long bytes)
    {
        // No credit to return.
    }

    private void Append(BatchBuilder builder, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        var head = topic.Length + replyTo.Length;
        var slab = Slabs.Rent(head + headers.Length + payload.Length);
        topic.CopyTo(slab.Bytes);
        replyTo.CopyTo(slab.Bytes.AsSpan(topic.Length));
        headers.CopyTo(slab.Bytes.AsSpan(head));
        payload.CopyTo(slab.Bytes.AsSpan(head + headers.Length));
        builder.Append(slab, new BatchEntry
        {
            TopicLength = topic.Length,
            ReplyOffset = topic.Length,
            ReplyLength = replyTo.Length,
            BodyOffset = head,
            BodyLength = headers.Length + payload.Length,
            HeaderLength = headers.Length,
        });
        builder.Flush();
        slab.Release();
    }
}
