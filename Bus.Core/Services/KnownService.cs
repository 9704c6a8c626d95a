using System.Text.Json;
using Bus.Core.Presence;
using Bus.Core.State;

namespace Bus.Core.Services;

/// <summary>An instance of a service, as the registry knows it. Owned by the registry.</summary>
internal sealed class KnownService(ServiceAppeared appeared, DateTimeOffset since)
{
    private ServiceInfo? _info;
    private ServiceStats? _stats;

    public ServiceKey Key => appeared.Key;

    /// <summary>Whose it is: answers of anybody else are none.</summary>
    public object Origin => appeared.Origin;

    public DateTimeOffset? LastHeard { get; private set; }

    /// <summary>Whether others have been told that it is there.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>Reads an answer of an instance. Null: it is none.</summary>
    public static ServiceAnswer? Read(ReadOnlySpan<byte> answer)
    {
        try
        {
            if (JsonSerializer.Deserialize(answer, ServiceJson.Default.ServiceStats) is not { } stats) return null;
            return stats.Type.Contains("stats", StringComparison.Ordinal) ? stats : JsonSerializer.Deserialize(answer, ServiceJson.Default.ServiceInfo);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Takes what it answers about itself.</summary>
    /// <returns>Which of its questions it is an answer to.</returns>
    public ServiceQuestion Take(ServiceAnswer answer, DateTimeOffset now)
    {
        LastHeard = now;
        if (answer is ServiceStats stats)
        {
            _stats = stats;
            return ServiceQuestion.Stats;
        }

        _info = answer as ServiceInfo;
        return ServiceQuestion.Info;
    }

    public ServiceInstance ToInstance() => new()
    {
        Name = Key.Name,
        Id = Key.Id,
        Version = _info?.Version ?? _stats?.Version,
        Description = _info?.Description is { Length: > 0 } text ? text : null,
        Metadata = _info?.Metadata is { Count: > 0 } metadata ? metadata : null,
        Client = appeared.Owner?.Name,
        Uid = appeared.Owner?.Info.Uid,
        Pid = appeared.Owner?.Info.Pid,
        Since = since,
        LastHeard = LastHeard,
        Endpoints = [.. (_info?.Endpoints ?? []).Select(ToEndpoint)],
    };

    private ServiceEndpoint ToEndpoint(EndpointInfo info)
    {
        // The convention allows several of one name.
        var stats = _stats?.Endpoints?.FirstOrDefault(endpoint => endpoint.Name == info.Name && endpoint.Subject == info.Subject);
        return new ServiceEndpoint
        {
            Name = info.Name,
            Topic = info.Subject,
            Queue = info.QueueGroup is { Length: > 0 } queue ? queue : null,
            Metadata = info.Metadata is { Count: > 0 } metadata ? metadata : null,
            Requests = stats?.Requests,
            Errors = stats?.Errors,
            LastError = stats?.LastError is { Length: > 0 } error ? error : null,
            AverageMs = stats?.AverageProcessingTime / 1_000_000.0,
        };
    }
}

/// <summary>What the registry asks an instance.</summary>
internal enum ServiceQuestion
{
    Info,
    Stats,
}
