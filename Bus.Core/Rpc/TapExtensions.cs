using System.Runtime.CompilerServices;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Rpc;

/// <summary>Listening in: what is published and asked on some topics, and what is answered to it.</summary>
public static class TapExtensions
{
    private const string Inboxes = "_INBOX.>";

    /// <summary>
    /// Tells what is published on some topics from the start of the enumeration on, and the answers to the requests among it, with how long each took. Works with any client
    /// and any NATS server.
    /// </summary>
    /// <remarks>
    /// On an IpcBus a tap counts as nobody: a request that reaches only taps fails at once, as it would without them. To a NATS server it is a subscriber like others, and such a request ends with its timeout. It gets the answers to all requests on the bus, and drops
    /// those that it was not asked for, so it costs the bus as much as a subscription to everything that is answered. To match them it remembers the last 10,000 requests, and of the
    /// answers those of which it has not seen the request, of each at most 32 MiB. Latencies are measured here. Answers to a client whose inbox does not begin with
    /// <c>_INBOX.</c> are not seen.
    /// </remarks>
    /// <param name="bus">The bus.</param>
    /// <param name="filters">The topics; <c>></c> for all.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    public static async IAsyncEnumerable<TappedMessage> TapAsync(this IBus bus, TopicFilters filters, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(filters);
        var tap = new Tap(TimeProvider.System);
        TopicFilters all = filters.Contains(">", StringComparer.Ordinal) ? filters : [.. filters, Inboxes];
        // A tap must not slow down what it looks at, nor be taken for somebody who answers. In a group, what matches two of its filters comes once.
        var options = new SubscriptionOptions { Queue = SystemTopics.Tap + RandomName.Hex(16), Capacity = 100_000, WhenFull = SubscriptionOverflow.DropOldest };
        await using var subscription = await bus.OpenSubscriptionAsync<ReadOnlyMemory<byte>>(all, options, cancellationToken);
        await foreach (var message in subscription.WithCancellation(cancellationToken))
        {
            foreach (var tapped in tap.Take(message)) yield return tapped;
        }
    }
}

/// <summary>What a tap has seen.</summary>
/// <param name="Message">The message.</param>
/// <param name="Request">The request that it answers. Null: it is no answer.</param>
/// <param name="Latency">How long after the request the answer came, as the tap saw it.</param>
public sealed record TappedMessage(BusMessage<ReadOnlyMemory<byte>> Message, BusMessage<ReadOnlyMemory<byte>>? Request, TimeSpan? Latency)
{
    /// <summary>Whether somebody waits for an answer to it.</summary>
    public bool IsRequest => Request is null && Message.ReplyTo is not null;

    /// <summary>The error that an answer says. Null: it is none.</summary>
    public string? Error => Request is null ? null
        : Message.Status == 503 ? Message.Headers[ErrorHeaders.Error] ?? BusErrors.NoResponders
        : ErrorReplies.Read(Message, Request.Topic) is { } error ? error.Error ?? BusErrors.HandlerFailed : null;
}

/// <summary>Finds the requests that answers belong to. Used by one reader.</summary>
internal sealed class Tap(TimeProvider time)
{
    // Requests to which no answer ever comes.
    private readonly TapMemory _requests = new();
    // Answers of which the request was not seen: they come by different filters, which have no common order.
    private readonly TapMemory _early = new();

    public IEnumerable<TappedMessage> Take(BusMessage<ReadOnlyMemory<byte>> message)
    {
        var seen = new TapMemory.Seen(message, time.GetTimestamp());
        if (_requests.Find(message.Topic) is { } request)
        {
            yield return new TappedMessage(message, request.Message, time.GetElapsedTime(request.At, seen.At));
            yield break;
        }

        if (message.Topic.StartsWith("_INBOX.", StringComparison.Ordinal))
        {
            _early.Add(message.Topic, seen);
            yield break;
        }

        yield return new TappedMessage(message, Request: null, Latency: null);
        if (message.ReplyTo is not { } replyTo) yield break;
        _requests.Add(replyTo, seen);
        if (_early.Take(replyTo) is { } answer) yield return new TappedMessage(answer.Message, message, TimeSpan.Zero);
    }
}
