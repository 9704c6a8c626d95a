using System.Globalization;
using System.Text;
using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Presence;
using Bus.Core.Rpc;
using Bus.Core.Services;

namespace Bus.Transport.JsonLines;

/// <summary>Calls of services, for a client that knows nothing of their headers and topics. Single-threaded.</summary>
internal sealed class JsonCalls(JsonSession session)
{
    /// <summary>How long the bus has to say which services there are. It gives them a third of this to say who they are: one that is silent must not keep its answer from coming in time.</summary>
    public static readonly TimeSpan Patience = 3 * ServiceRegistry.Patience;

    // Each line has them, twice, and how many there are is up to others.
    private const int MaxAvailable = 100;

    private Queue<JsonRequest> _explained = [];
    private IReadOnlyList<ServiceInstance>? _known;
    private bool _isAsking;

    public JsonFault? Call(JsonOperation operation, ReadOnlySpan<byte> line)
    {
        var service = ServiceTopics.ValidateService(operation.Service);
        var method = ServiceTopics.ValidateMethod(operation.Method);
        var (name, id) = (ServiceTopics.MethodOf(service, method), RandomName.Hex(16));
        var topic = operation.Instance is { } instance ? ServiceTopics.MethodOf(service, ServiceTopics.ValidateInstance(instance), method) : name;
        var headers = operation.Headers ?? [];
        headers[CallHeaders.Call] = id;
        headers[CallHeaders.Caller] = session.Name;
        // A stream may go on for as long as it likes: what is limited is until the service has taken it on.
        if (!operation.Stream) headers[CallHeaders.Deadline] = (session.Time.GetUtcNow() + operation.Timeout).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var request = new JsonRequest(JsonOp.Call, operation.Id, name, topic, operation.As, operation.Timeout) { Call = new JsonCall(service, method, operation.Instance, id), Stream = operation.Stream ? new JsonStream() : null };
        return session.Ask(request, headers, isMarked: true, operation.Payload(line));
    }

    /// <summary>Nobody is to wait any more for what was asked with an id. That it was answered already is no error: the answer was on its way.</summary>
    public void Cancel(byte[] id)
    {
        foreach (var request in session.Requests.FindAll(id))
        {
            session.Requests.Remove(request);
            Stop(request);
            session.Pen.Fault(new JsonFault(BusErrors.Cancelled, $"What was asked of '{request.Topic}' was cancelled by 'cancel'."), request.Id);
        }
    }

    /// <summary>Tells a service that nobody waits for its answer any more.</summary>
    public void Stop(JsonRequest request)
    {
        if (request.Call is { } call) session.Nats.Publish(ServiceTopics.CancelOf(call.Service), replyTo: null, headers: null, isRequest: false, Encoding.ASCII.GetBytes(call.Id));
    }

    /// <summary>A call has reached nobody. One question is enough for all to which that happens meanwhile. Until it is explained it waits as others do: it counts, may be cancelled, and has its time.</summary>
    public void AskWhy(JsonRequest request)
    {
        request.HasReachedNobody = true;
        if (_isAsking) return;
        _isAsking = true;
        var question = new JsonRequest(JsonOp.None, Id: null, SystemTopics.Services, SystemTopics.Services, JsonForm.Auto, Patience);
        if (session.Ask(question, headers: null, isMarked: false, payload: default) is not null) Explain(services: default);
    }

    /// <summary>The bus has said which services there are. What there is to say then is said by <see cref="ExplainNext"/>, as the client reads it.</summary>
    /// <param name="services">Its answer. Empty: it has not.</param>
    public void Explain(ReadOnlySpan<byte> services)
    {
        _isAsking = false;
        _known = services.IsEmpty ? null : JsonValues.TryRead(services, PresenceJson.Default.ServiceList)?.Services;
        _explained = new Queue<JsonRequest>(session.Requests.OfNobody());
    }

    /// <summary>Tells the client why one of its calls has reached nobody.</summary>
    /// <returns>False: there is none left of which that is known.</returns>
    public bool ExplainNext()
    {
        while (_explained.TryDequeue(out var request))
        {
            // It was cancelled, or its time was over.
            if (!session.Requests.Remove(request)) continue;
            session.Pen.Fault(_known is null ? Nobody(request) : Why(request, _known), request.Id);
            session.Answered();
            return true;
        }

        _known = null;
        return false;
    }

    public static JsonFault Nobody(JsonRequest request) => new(BusErrors.NoResponders, $"Nobody responds on '{request.Topic}'.");

    private static JsonFault Why(JsonRequest request, IReadOnlyList<ServiceInstance> known)
    {
        var call = request.Call!;
        var (found, fault) = ServiceFault.Find(known, call.Service, call.Instance, call.Method);
        if (found is not null) return IsElsewhere(found, request);
        return fault is null ? Nobody(request) : new JsonFault(fault.Error, fault.Text) { Available = [.. fault.Available.Take(MaxAvailable)] };
    }

    /// <summary>Another library may have the method on any topic. On its usual one it has come, or come back, since.</summary>
    private static JsonFault IsElsewhere(ServiceEndpoint found, JsonRequest request) => found.Topic == request.Topic
        ? Nobody(request)
        : Nobody(request) with { Text = $"Nobody responds on '{request.Topic}': the method is on '{found.Topic}'. Ask it there, with 'request'." };
}
