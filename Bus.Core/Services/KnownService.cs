using System.Text.Json;
using Bus.Core.Presence;
using Bus.Core.State;

namespace Bus.Core.Services;

/// <summary>
/// An instance of a service, as the registry knows it: of those who subscribe as it does, whoever answers first. Owned by the registry.
/// </summary>
/// <param name="appeared">Who subscribes.</param>
/// <param name="since">Since when.</param>
/// <param name="isHeir">Whether these are left of an instance that is gone: they may only have listened to it, and none is listed unless it says who it is.</param>
internal sealed class KnownService(ServiceAppeared appeared, DateTimeOffset since, bool isHeir)
{
    private IReadOnlyList<ServiceMember> _members = appeared.Members;
    private ServiceMember _owner = appeared.Members[0];
    private ServiceInfo? _info;
    private ServiceStats? _stats;

    public ServiceKey Key => appeared.Key;

    /// <summary>Whose it is, as far as is known.</summary>
    public object Origin => _owner.Origin;

    /// <summary>Whether it is there for others.</summary>
    public bool IsListed => !isHeir || LastHeard is not null;

    public DateTimeOffset? LastHeard { get; private set; }

    /// <summary>Whether others have been told that it is there.</summary>
    public bool IsAnnounced { get; set; }

    /// <summary>Others subscribe than before.</summary>
    /// <returns>Whether the one whose it is still does.</returns>
    public bool Meet(IReadOnlyList<ServiceMember> members)
    {
        _members = members;
        return Find(_owner.Origin) is not null;
    }

    /// <summary>Whether an answer is its own: once it has answered, nobody else's counts.</summary>
    public bool IsOf(object origin)
    {
        if (LastHeard is null && Find(origin) is { } member) _owner = member;
        return ReferenceEquals(_owner.Origin, origin);
    }

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
        Client = _owner.Owner?.Name,
        Uid = _owner.Owner?.Info.Uid,
        Pid = _owner.Owner?.Info.Pid,
        Since = since,
        LastHeard = LastHeard,
        Endpoints = [.. (_info?.Endpoints ?? []).Select(ToEndpoint)],
    };

    private ServiceMember? Find(object origin) => _members.FirstOrDefault(member => ReferenceEquals(member.Origin, origin));

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
