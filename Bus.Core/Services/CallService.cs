using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Bus.Core.Messages;
using Bus.Core.Presence;
using Bus.Core.State;

namespace Bus.Core.Services;

/// <summary>
/// Calls services for clients that know nothing but requests. On the topic of a method, "no responders" is all that a NATS client hears of an unknown service, an unknown method and
/// a service that died. Here each is an answer with an error of its own, and a method is found on whatever topic it is.
/// </summary>
internal sealed class CallService : SystemService
{
    public const string Name = "calls";

    // Topics of methods that are not where ours would be. When there are more all are forgotten, and asked for again.
    private const int MaxElsewhere = 1000;

    // Of calls that have found nobody, until it is known why.
    private const int MaxKeptBytes = 16 * 1024 * 1024;

    // Of whoever does not say how long it waits.
    private static readonly TimeSpan StandardTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MostTimeout = TimeSpan.FromDays(1);

    // The registry gives the services a third of it: one that is silent must not keep its answer from coming in time.
    private static readonly TimeSpan ListTimeout = 3 * ServiceRegistry.Patience;

    private readonly Dictionary<CalledMethod, string> _elsewhere = [];
    private readonly RelayedCalls _calls;
    private readonly string _listInbox;
    private bool _isAsking;
    private int _keptBytes;

    public CallService(BusEnvironment environment)
        : base(environment)
    {
        _calls = new RelayedCalls(InboxOf(environment));
        _listInbox = InboxOf(environment) + RandomName.Hex(16);
    }

    /// <summary>What the topics begin with on which the services answer.</summary>
    public static string InboxOf(BusEnvironment environment) => $"_INBOX.{environment.ServerId}.calls.";

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RelayedCall call:
                Expire(call);
                break;
            case ListDue:
                Explain(services: default);
                break;
            default:
                base.OnReceive(message);
                break;
        }
    }

    protected override void Handle(in SystemRequest request)
    {
        var topic = request.Topic;
        if (request.After(SystemTopics.Call) is { } method) Call(request, method);
        else if (_calls.TryFind(topic, out var call)) Answer(call, request);
        else if (topic == _listInbox) Explain(request.Payload);
    }

    private void Call(in SystemRequest request, string text)
    {
        if (CalledMethod.Read(text) is not { } method)
        {
            request.Fail($"'{SystemTopics.Call}{text}' calls nothing: it has to end with a service and a method, such as 'users.get', or with a service, an instance and a method.", 400, ErrorHeaders.BadRequest);
            return;
        }

        if (HeaderBlock.Contains(request.Headers, "Bus-Stream"u8))
        {
            request.Fail($"A stream is not passed on, because both sides talk: ask '{method.Topic}' for it.", 400, ErrorHeaders.BadRequest);
            return;
        }

        if (!request.HasReply)
        {
            // Nobody waits, so there is nobody to tell anything.
            Publisher.PublishFor(request.Producer, Encoding.UTF8.GetBytes(_elsewhere.GetValueOrDefault(method, method.Topic)), replyTo: default, request.Headers, request.Payload);
            return;
        }

        var hasDeadline = Utf8Parser.TryParse(HeaderBlock.Find(request.Headers, "Bus-Deadline"u8), out long deadline, out _);
        var left = hasDeadline ? TimeSpan.FromMilliseconds(Math.Clamp(deadline - (double)Environment.Time.GetUtcNow().ToUnixTimeMilliseconds(), 0, MostTimeout.TotalMilliseconds)) : StandardTimeout;
        if (left <= TimeSpan.Zero)
        {
            request.Fail($"'{method.Topic}' was not called: the time that the call had was over.", 504, ErrorHeaders.DeadlineExceeded);
        }
        else if (_calls.MayBegin(request))
        {
            var call = _calls.Add(method, request);
            call.HasDeadline = hasDeadline;
            Timers.StartSingleTimer(call, call, left);
            Pass(call, request);
        }
    }

    private void Pass(RelayedCall call, in SystemRequest request)
    {
        var headers = HeaderBlock.Decode(request.Headers, out _);
        // So that the bus tells when whoever has it goes away,
        headers[SystemHeaders.Request] = "1";
        // and the service sees when the caller does.
        headers[CallHeaders.Call] ??= RandomName.Hex(16);
        headers[CallHeaders.Caller] ??= request.Producer.Participant?.Name;
        var block = HeaderBlock.Encode(headers);
        var topic = _elsewhere.GetValueOrDefault(call.Method, call.Method.Topic);
        if (Environment.Router.Match(Encoding.UTF8.GetBytes(topic)).Count > 0)
        {
            Send(call, topic, block, request.Payload);
            return;
        }

        _elsewhere.Remove(call.Method);
        if (_keptBytes + request.Payload.Length <= MaxKeptBytes) Keep(call, (block, request.Payload.ToArray()));
        AskWhy(call);
    }

    private void Send(RelayedCall call, string topic, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload) =>
        Publisher.PublishFor(new RelayProducer(call.Caller, Self), Encoding.UTF8.GetBytes(topic), Encoding.UTF8.GetBytes(call.Inbox), headers, payload);

    private void Answer(RelayedCall call, in SystemRequest answer)
    {
        // Only the bus itself can say this.
        if (HeaderBlock.ReadStatus(answer.Headers) != 503)
        {
            // In the window of the service, which is held back if the caller does not read.
            if (Forget(call)) Publisher.PublishFor(new RelayProducer(answer.Producer, Self), call.ReplyTo, answer.ReplyTo, answer.Headers, answer.Payload);
        }
        else if (HeaderBlock.Contains(answer.Headers, "Bus-Error"u8))
        {
            // With a status that no library takes for "no responders".
            Fail(call, $"Who had the call of '{call.Method.Topic}' went away before it answered.", 502, ErrorHeaders.ResponderLost);
        }
        else
        {
            AskWhy(call);
        }
    }

    /// <summary>It has reached nobody. One question is enough for all to which that happens meanwhile.</summary>
    private void AskWhy(RelayedCall call)
    {
        call.HasReachedNobody = true;
        if (_isAsking) return;
        _isAsking = true;
        Timers.StartSingleTimer(ListDue.Instance, ListDue.Instance, ListTimeout);
        Publisher.PublishFor(Publisher, Encoding.UTF8.GetBytes(SystemTopics.Services), Encoding.UTF8.GetBytes(_listInbox), headers: default, payload: default);
    }

    /// <summary>The registry has said which services there are.</summary>
    /// <param name="services">Its answer. Empty: it has not.</param>
    private void Explain(ReadOnlySpan<byte> services)
    {
        _isAsking = false;
        Timers.Cancel(ListDue.Instance);
        var known = services.IsEmpty ? null : JsonSerializer.Deserialize(services, PresenceJson.Default.ServiceList)?.Services;
        foreach (var call in _calls.OfNobody.ToList()) Explain(call, known);
    }

    private void Explain(RelayedCall call, IReadOnlyList<ServiceInstance>? known)
    {
        var method = call.Method;
        var (found, fault) = known is null ? default : ServiceFault.Find(known, method.Service, method.Instance, method.Method);
        if (fault is not null)
        {
            Fail(call, fault.Text, 404, fault.Error);
        }
        else if (found is not null && call.Kept is { } kept && MayCall(found, method))
        {
            if (_elsewhere.Count >= MaxElsewhere) _elsewhere.Clear();
            if (found.Topic != method.Topic) _elsewhere[method] = found.Topic;
            Keep(call, kept: null);
            call.HasReachedNobody = false;
            Send(call, found.Topic, kept.Headers, kept.Payload);
        }
        else
        {
            Fail(call, $"Nobody responds on '{method.Topic}'.", 404, ErrorHeaders.NoResponders);
        }
    }

    /// <summary>One instance alone can only be called where ours would be, and what a service says of itself must not make the bus publish where its clients may not.</summary>
    private static bool MayCall(ServiceEndpoint found, CalledMethod method) =>
        method.Instance is null && Encoding.UTF8.GetBytes(found.Topic) is var topic && Topic.IsValidLiteral(topic) && !SystemTopics.IsUndeclarable(topic);

    private void Expire(RelayedCall call)
    {
        var (text, error) = call.HasDeadline ? ("the time that its caller gave the call", ErrorHeaders.DeadlineExceeded) : ($"the {StandardTimeout.TotalSeconds:0} s that a call without the header 'Bus-Deadline' has", ErrorHeaders.Timeout);
        Fail(call, $"No answer came from '{call.Method.Topic}' within {text}.", 504, error);
    }

    private void Fail(RelayedCall call, string text, int code, string error)
    {
        if (Forget(call)) Publisher.Publish(call.ReplyTo, ErrorHeaders.OfBus(text, code, error), payload: default);
    }

    private bool Forget(RelayedCall call)
    {
        Keep(call, kept: null);
        Timers.Cancel(call);
        return _calls.Remove(call);
    }

    private void Keep(RelayedCall call, (byte[] Headers, byte[] Payload)? kept)
    {
        _keptBytes += (kept?.Payload.Length ?? 0) - (call.Kept?.Payload.Length ?? 0);
        call.Kept = kept;
    }

    private sealed record ListDue
    {
        public static readonly ListDue Instance = new();
    }
}
