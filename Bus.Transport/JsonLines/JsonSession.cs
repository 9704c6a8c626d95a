using Bus.Core.Messages;
using Bus.Transport.Nats;

namespace Bus.Transport.JsonLines;

/// <summary>What is to be said when everything before it has been done: the bus answers a PING then.</summary>
/// <param name="Op">What the client asked for.</param>
/// <param name="Id">The JSON of its id, if it has one.</param>
/// <param name="Sub">The subscription that it is about, if it is about one.</param>
internal sealed record JsonFence(JsonOp Op, byte[]? Id, JsonSubscription? Sub = null)
{
    /// <summary>It was refused, and the client was told so.</summary>
    public bool IsRefused { get; set; }
}

/// <summary>
/// One client of JSON lines: what it has asked for, and what it is still to be told. Its lines become operations of NATS in <see cref="Inbound"/>, which the connection reads as it
/// reads those of any client; what the connection says becomes lines in the outbound queue. Single-threaded: whoever calls holds the lock of the channel.
/// </summary>
internal sealed class JsonSession : IDisposable
{
    private readonly Queue<JsonFence> _fences = new();
    private readonly JsonCommands _commands;
    private readonly JsonPen _pen;
    private byte[]? _closeId;
    private byte[]? _held;
    private bool _isClosing;
    private bool _hasInbox;

    /// <param name="lines">Where the lines for the client go.</param>
    /// <param name="limits">Of what it may send.</param>
    /// <param name="time">The clock.</param>
    /// <param name="due">Called, on any thread, when <see cref="Tick"/> may have something to say.</param>
    public JsonSession(ByteQueue lines, JsonLimits limits, TimeProvider time, Action due)
    {
        Limits = limits;
        Nats = new NatsPen(Inbound, limits);
        _pen = new JsonPen(lines, limits.MaxPayload);
        Time = time;
        Requests = new JsonRequests(time, due);
        Calls = new JsonCalls(this);
        Streams = new JsonStreams(this);
        Answers = new JsonAnswers(this);
        _commands = new JsonCommands(this);
    }

    /// <summary>What the connection is to read.</summary>
    public ByteQueue Inbound { get; } = new();

    public JsonLimits Limits { get; }

    public NatsPen Nats { get; }

    public JsonSubscriptions Subscriptions { get; } = new();

    public JsonRequests Requests { get; }

    public JsonCalls Calls { get; }

    public JsonStreams Streams { get; }

    public JsonAnswers Answers { get; }

    public TimeProvider Time { get; }

    /// <summary>Whether its pings are the client's own to answer.</summary>
    public bool AnswersPings { get; set; }

    /// <summary>How much the bus has still to say that depends on nobody else.</summary>
    public int Owed => _fences.Count + Requests.Confirms;

    /// <summary>The name under which the bus has let it in. Null: it has not yet.</summary>
    public string? Name { get; private set; }

    /// <summary>The first that the bus said.</summary>
    public ServerInfo Server { get; set; } = new();

    /// <summary>The bus is about to stop, and closes by itself.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>No line of the client is taken any more.</summary>
    public bool HasInputEnded { get; private set; }

    /// <summary>Everything that it asked for is answered, and it asks for nothing more: the connection may end.</summary>
    public bool IsOver { get; private set; }

    /// <summary>A line waits until the bus has let the client in: none behind it is to be taken.</summary>
    public bool IsHeld => _held is not null;

    /// <summary>Takes a line.</summary>
    public void Take(ReadOnlySpan<byte> line)
    {
        if (!HasInputEnded && !line.Trim(" \t\r"u8).IsEmpty) Do(line);
    }

    /// <summary>Keeps a line that needs the name of the client, until the bus has said it.</summary>
    public void Hold(ReadOnlySpan<byte> line) => _held = line.ToArray();

    /// <summary>The bus has let the client in.</summary>
    public void Join(string name)
    {
        Name = name;
        if (_held is not { } line) return;
        _held = null;
        Do(line);
        EndIfDone();
    }

    /// <summary>Publishes a message and waits for the answer to it.</summary>
    /// <param name="request">What for.</param>
    /// <param name="headers">Of the message.</param>
    /// <param name="isMarked">Whether whoever gets it has to answer, and the bus does if that is gone.</param>
    /// <param name="payload">Of the message.</param>
    /// <returns>Why it cannot be done. Null: it is being done.</returns>
    public JsonFault? Ask(JsonRequest request, BusHeaders? headers, bool isMarked, ReadOnlySpan<byte> payload)
    {
        // The bus is asked on behalf of those that fill it.
        if (Requests.IsFull && request.Op != JsonOp.None) return new JsonFault("too-many-requests", "Too many of your requests wait for their answers: wait for some of them.");
        if (!_hasInbox)
        {
            Nats.Subscribe(Requests.Filter, queue: null, JsonSubscriptions.InboxSid);
            _hasInbox = true;
        }

        var replyTo = Requests.Add(request);
        if (request.Stream is { } stream) headers = stream.Begin(headers, replyTo);
        var fault = Nats.Publish(request.WireTopic, replyTo, headers, isMarked, payload);
        if (fault is not null) Requests.Remove(request);
        return fault;
    }

    private void Do(ReadOnlySpan<byte> line)
    {
        var operation = JsonOperationParser.Parse(line);
        var fault = operation.Fault ?? _commands.Execute(operation, line);
        if (fault is not null) _pen.Fault(fault, operation.Id);
    }

    /// <summary>The line that has begun is too long. The connection ends with what the bus does about such a line.</summary>
    public void TakeTooLong()
    {
        HasInputEnded = true;
        Nats.TooLong();
    }

    /// <summary>The client sends nothing more. What it has asked for is answered.</summary>
    /// <param name="rest">A last line that has no end.</param>
    public void EndInput(ReadOnlySpan<byte> rest)
    {
        Take(rest);
        HasInputEnded = true;
        EndIfDone();
    }

    /// <summary>The client wants to leave: it is told when all is answered.</summary>
    public void Close(byte[]? id)
    {
        (_isClosing, _closeId, HasInputEnded) = (true, id, true);
        Await(new JsonFence(JsonOp.None, id));
    }

    /// <summary>Says something when everything before it has been done.</summary>
    public void Await(JsonFence fence)
    {
        _fences.Enqueue(fence);
        Nats.Ping();
    }

    /// <summary>The first fence has come back.</summary>
    public void Passed()
    {
        if (_fences.TryDequeue(out var fence)) Answer(fence);
        EndIfDone();
    }

    /// <summary>A request was answered, or will not be.</summary>
    public void Answered() => EndIfDone();

    /// <summary>The time of requests may be over.</summary>
    public void Tick()
    {
        foreach (var request in Requests.TakeExpired()) Answers.Expire(request);
        EndIfDone();
    }

    /// <summary>A subscription was refused, or has been ended by the bus.</summary>
    public void End(JsonSubscription subscription, JsonFault fault, long refused)
    {
        Subscriptions.Remove(subscription);
        foreach (var sid in subscription.Sids.Where(sid => sid != refused)) Nats.Unsubscribe(sid);
        var fence = _fences.FirstOrDefault(fence => fence.Op == JsonOp.Sub && ReferenceEquals(fence.Sub, subscription));
        if (fence is not null) fence.IsRefused = true;
        _pen.Begin("error", fence?.Id);
        _pen.String("sub", subscription.Name);
        _pen.Error(fault.Code, fault.Text);
        _pen.End();
    }

    /// <summary>The pen for what the bus says.</summary>
    public JsonPen Pen => _pen;

    public void Dispose()
    {
        Requests.Dispose();
        _pen.Dispose();
    }

    private void Answer(JsonFence fence)
    {
        switch (fence.Op)
        {
            case JsonOp.Sub when fence.IsRefused:
            case JsonOp.None:
                return;
            case JsonOp.Ping:
                _pen.Begin("pong", fence.Id);
                break;
            case JsonOp.Connect:
                _pen.Begin("connected", fence.Id);
                _pen.String("name", Name);
                _pen.String("server", Server.ServerName);
                _pen.String("version", Server.IpcBusVersion);
                _pen.Number("maxPayload", Limits.MaxPayload);
                _pen.Number("maxLine", Limits.MaxLine);
                break;
            default:
                _pen.Begin("ok", fence.Id);
                _pen.String("sub", fence.Sub?.Name);
                break;
        }

        _pen.End();
    }

    private void EndIfDone()
    {
        if (IsOver || !HasInputEnded || IsHeld) return;
        // A bus that stops hears nothing any more, and answers nothing.
        if (!IsLeaving && (_fences.Count > 0 || Requests.Count > 0)) return;
        IsOver = true;
        if (!_isClosing) return;
        _pen.Begin("closed", _closeId);
        _pen.End();
    }
}
