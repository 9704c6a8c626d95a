using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bus.Core.Services;

namespace Bus.Core.Rpc;

/// <summary>What an instance answers about itself, as the NATS services convention (ADR-32) wants it.</summary>
internal sealed class ServiceQuestions(BusService service, ServiceOptions options)
{
    private const int NanosecondsPerTick = 100;

    /// <summary>The answer to a question. Null: it is none.</summary>
    public byte[]? Answer(string topic)
    {
        if (IsAbout(topic, ServiceTopics.Ping)) return Json(new ServicePing { Name = service.Name, Id = service.Id, Version = service.Version, Metadata = options.Metadata }, ServiceJson.Default.ServicePing);
        if (IsAbout(topic, ServiceTopics.Info)) return Json(Info(), ServiceJson.Default.ServiceInfo);
        return IsAbout(topic, ServiceTopics.Stats) ? Json(Stats(), ServiceJson.Default.ServiceStats) : null;
    }

    private static byte[] Json<T>(T answer, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(answer, type);

    private static bool IsAbout(string topic, string verb) => topic.StartsWith(verb, StringComparison.Ordinal) && (topic.Length == verb.Length || topic[verb.Length] == '.');

    private ServiceInfo Info() => new()
    {
        Name = service.Name,
        Id = service.Id,
        Version = service.Version,
        Metadata = options.Metadata,
        Description = options.Description,
        Endpoints = [.. service.Offered().Select(method => new EndpointInfo { Name = method.Name, Subject = method.Topic, QueueGroup = options.Queue, Metadata = Describe(method.Options) })],
    };

    private ServiceStats Stats() => new()
    {
        Name = service.Name,
        Id = service.Id,
        Version = service.Version,
        Metadata = options.Metadata,
        // The convention wants it in UTC: with a Z behind it, and not +00:00.
        Started = service.Started.UtcDateTime,
        Endpoints = [.. service.Offered().Select(method => method.GetStatus()).Select(status => new EndpointStats
        {
            Name = status.Name,
            Subject = status.Topic,
            QueueGroup = options.Queue,
            Requests = status.Requests,
            Errors = status.Errors,
            LastError = status.LastError ?? "",
            ProcessingTime = status.ProcessingTime.Ticks * NanosecondsPerTick,
            AverageProcessingTime = status.AverageTime.Ticks * NanosecondsPerTick,
        })],
    };

    /// <summary>The convention knows no description of an endpoint: it goes along with the metadata.</summary>
    private static IReadOnlyDictionary<string, string> Describe(MethodOptions method) => method.Description.Length == 0
        ? method.Metadata
        : new Dictionary<string, string>(method.Metadata, StringComparer.Ordinal) { ["description"] = method.Description };
}
