using System.Globalization;
using System.Text;
using System.Text.Json;
using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Presence;
using Bus.Core.Rpc;

namespace Bus.Transport.JsonLines;

/// <summary>Calls of services, for a client that knows nothing of their headers and topics. Single-threaded.</summary>
internal sealed class JsonCalls(JsonSession session)
{
    // The bus gives services half of this to say who they are.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly List<JsonRequest> _unexplained = [];

    public JsonFault? Call(JsonOperation operation, ReadOnlySpan<byte> line)
    {
        var service = ServiceTopics.ValidateService(operation.Service);
        var method = ServiceTopics.ValidateMethod(operation.Method);
        var (name, id) = (ServiceTopics.MethodOf(service, method), RandomName.Hex(16));
        var topic = operation.Instance is { } instance ? ServiceTopics.MethodOf(service, ServiceTopics.ValidateInstance(instance), method) : name;
        var headers = operation.Headers ?? [];
        headers[CallHeaders.Call] = id;
        headers[CallHeaders.Caller] = session.Name;
        headers[CallHeaders.Deadline] = (session.Time.GetUtcNow() + operation.Timeout).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var request = new JsonRequest(JsonOp.Call, operation.Id, name, topic, operation.As, operation.Timeout) { Call = new JsonCall(service, method, operation.Instance, id) };
        return session.Ask(request, headers, isMarked: true, operation.Payload(line));
    }

    /// <summary>Nobody is to wait any more for what was asked with an id. That it was answered already is no error: the answer was on its way.</summary>
    public void Cancel(byte[] id)
    {
        foreach (var request in session.Requests.FindAll(id))
        {
            session.Requests.Remove(request);
            if (request.Call is { } call) session.Nats.Publish(ServiceTopics.CancelOf(call.Service), replyTo: null, headers: null, isRequest: false, Encoding.ASCII.GetBytes(call.Id));
            session.Pen.Fault(new JsonFault(BusErrors.Cancelled, $"What was asked of '{request.Topic}' was cancelled by 'cancel'."), request.Id);
        }
    }

    /// <summary>A call has reached nobody. One question is enough for all to which that happens meanwhile.</summary>
    public void AskWhy(JsonRequest request)
    {
        _unexplained.Add(request);
        if (_unexplained.Count > 1) return;
        var question = new JsonRequest(JsonOp.None, Id: null, SystemTopics.Services, SystemTopics.Services, JsonForm.Auto, Patience);
        if (session.Ask(question, headers: null, isMarked: false, payload: default) is not null) Explain(services: default);
    }

    /// <summary>The bus has said which services there are.</summary>
    /// <param name="services">Its answer. Empty: it has not.</param>
    public void Explain(ReadOnlySpan<byte> services)
    {
        var known = services.IsEmpty ? null : JsonSerializer.Deserialize(services, PresenceJson.Default.ServiceList)?.Services;
        foreach (var request in _unexplained) session.Pen.Fault(known is null ? Nobody(request) : Why(request, known), request.Id);
        _unexplained.Clear();
    }

    private static JsonFault Why(JsonRequest request, IReadOnlyList<ServiceInstance> known)
    {
        var call = request.Call!;
        var instances = known.Where(instance => instance.Name == call.Service && (call.Instance is null || instance.Id == call.Instance)).ToList();
        if (instances.Count == 0)
        {
            var missing = new ServiceNotFoundException(call.Instance is null ? call.Service : $"{call.Service} (instance {call.Instance})", Names(known.Select(instance => instance.Name)));
            return new JsonFault(BusErrors.ServiceNotFound, missing.Message) { Available = missing.Available };
        }

        var methods = Names(instances.SelectMany(instance => instance.Endpoints).Select(endpoint => endpoint.Name));
        // It has come, or come back, since.
        if (methods.Contains(call.Method, StringComparer.Ordinal)) return Nobody(request);
        return new JsonFault(BusErrors.MethodNotFound, new MethodNotFoundException(call.Service, call.Method, methods).Message) { Available = methods };
    }

    private static JsonFault Nobody(JsonRequest request) => new(BusErrors.NoResponders, $"Nobody responds on '{request.Topic}'.");

    private static string[] Names(IEnumerable<string> names) => [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
