using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Streams;

namespace Bus.Transport.JsonLines;

/// <summary>A call whose answer is a stream: what of it has come, and who sends it.</summary>
internal sealed class JsonStream
{
    public ReadWindow Window { get; } = new(StreamWindow.Default);

    /// <summary>Where the items come to.</summary>
    public string Inbox { get; private set; } = "";

    /// <summary>Where the service hears of credit. Null: it has not taken the call on yet.</summary>
    public string? Peer { get; set; }

    public bool IsOpen => Peer is not null;

    /// <summary>The headers of the call.</summary>
    public BusHeaders Begin(BusHeaders? given, string inbox) => StreamHeaders.Begin(given, Inbox = inbox, Window.Grant());
}

/// <summary>
/// Answers that are streams, an item a line, as docs/streams.md has them. An item counts as read when its line is written, and that waits until the lines before it are out but for a
/// few: a client that reads slowly slows the service. Single-threaded.
/// </summary>
internal sealed class JsonStreams(JsonSession session)
{
    // As often as any reader: a credit that was lost is given again, and if nobody gets it, the service is gone.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private JsonPen Pen => session.Pen;

    /// <summary>Something has come for a stream.</summary>
    /// <returns>False: it is an answer as calls have them, or why there is none.</returns>
    public bool Take(JsonRequest request, JsonStream stream, BusHeaders headers, ReadOnlySpan<byte> block, ReadOnlySpan<byte> payload)
    {
        switch (headers[StreamHeaders.Kind])
        {
            case StreamHeaders.Open when !stream.IsOpen:
                Begin(request, stream, headers[StreamHeaders.Inbox]);
                return true;
            case StreamHeaders.Item:
                Take(request, stream, headers, Pen.Open(block, payload, headers));
                return true;
            case StreamHeaders.End when !JsonAnswers.IsError(headers):
                End(request, stream, headers);
                return true;
            case null when stream.IsOpen && HeaderBlock.ReadStatus(block) == StreamWatch.NobodyThere:
                Fail(request, new JsonFault(BusErrors.ResponderLost, $"The service went away before the stream of '{request.Topic}' had come to its end."));
                return true;
            case null when !HeaderBlock.HasStatus(block) && !JsonAnswers.IsError(headers):
                Break(request, "the method gave one answer, and no stream: leave 'stream' out");
                return true;
            default:
                return headers[StreamHeaders.Kind] is not (null or StreamHeaders.End);
        }
    }

    /// <summary>It is time to look whether the service is still there.</summary>
    public void Look(JsonRequest request, JsonStream stream)
    {
        session.Requests.Renew(request, Interval);
        Grant(stream);
    }

    private void Begin(JsonRequest request, JsonStream stream, string? peer)
    {
        if (peer is null || !StreamHeaders.IsInbox(peer))
        {
            Break(request, "the service names no inbox to send to");
            return;
        }

        stream.Peer = peer;
        session.Requests.Renew(request, Interval);
        // It sends nothing itself.
        Tell(stream, new BusHeaders { [StreamHeaders.Kind] = StreamHeaders.End, [StreamHeaders.Number] = StreamHeaders.Write(1) });
    }

    private void Take(JsonRequest request, JsonStream stream, BusHeaders headers, ReadOnlySpan<byte> payload)
    {
        if (headers.Contains(ContentHeaders.Encoding))
        {
            Fail(request, new JsonFault(BusErrors.PayloadTooLarge, $"An item of '{request.Topic}' is compressed in a way that is not known here, or too large."));
            return;
        }

        if (stream.Window.Receive(StreamHeaders.Read(headers, StreamHeaders.Number) ?? 0, payload.Length) is { } wrong)
        {
            Break(request, wrong);
            return;
        }

        headers.Remove(StreamHeaders.Kind);
        headers.Remove(StreamHeaders.Number);
        Pen.Begin("item", request.Id);
        Pen.Content(headers, payload, request.Form);
        Pen.End();
        stream.Window.Take(payload.Length);
        if (stream.Window.IsDue && stream.IsOpen) Grant(stream);
    }

    private void End(JsonRequest request, JsonStream stream, BusHeaders headers)
    {
        if (stream.Window.End(StreamHeaders.Read(headers, StreamHeaders.Number) ?? 0) is { } wrong)
        {
            Break(request, wrong);
            return;
        }

        session.Requests.Remove(request);
        Pen.Begin("end", request.Id);
        Pen.End();
    }

    private void Break(JsonRequest request, string why) => Fail(request, new JsonFault(BusErrors.StreamBroken, $"The stream of '{request.Topic}' broke: {why}."));

    private void Fail(JsonRequest request, JsonFault fault)
    {
        session.Requests.Remove(request);
        session.Calls.Stop(request);
        Pen.Fault(fault, request.Id);
    }

    private void Grant(JsonStream stream)
    {
        var (items, bytes) = stream.Window.Grant();
        Tell(stream, new BusHeaders { [StreamHeaders.Kind] = StreamHeaders.Credit, [StreamHeaders.Items] = StreamHeaders.Write(items), [StreamHeaders.Bytes] = StreamHeaders.Write(bytes) });
    }

    /// <summary>If nobody gets it, the bus answers that to where the items come.</summary>
    private void Tell(JsonStream stream, BusHeaders headers) => session.Nats.Publish(stream.Peer!, stream.Inbox, headers, isRequest: false, payload: default);
}
