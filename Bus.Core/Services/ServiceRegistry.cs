using System.Text;
using System.Text.Json;
using Bus.Core.Presence;
using Bus.Core.State;

namespace Bus.Core.Services;

/// <summary>
/// Knows which services are on the bus: it sees them come and go by what they subscribe to (<see cref="ServiceWatch"/>), and asks them who they are. They are asked again when
/// somebody wants to know, so that an idle bus stays idle.
/// </summary>
internal sealed class ServiceRegistry : SystemService
{
    public const string Name = "services";

    // Each is an entry, and a question at the start: a client must not fill the memory with services that it only pretends to have.
    private const int MaxServices = 10_000;
    // So that nobody can take them all.
    private const int MaxServicesEach = 1000;

    // A list has to fit into a message.
    private const int MaxListed = 1000;
    private const int MaxListBytes = 512 * 1024;

    /// <summary>How long an instance has to say what it does before a list goes without it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<ServiceKey, KnownService> _services = [];
    private readonly Dictionary<object, int> _origins = new(ReferenceEqualityComparer.Instance);
    private readonly Rounds<ServiceRound> _rounds;
    private readonly byte[] _inbox;

    public ServiceRegistry(BusEnvironment environment)
        : base(environment)
    {
        _rounds = new Rounds<ServiceRound>(() => Timers, Answer);
        _inbox = Encoding.UTF8.GetBytes(InboxOf(environment));
    }

    /// <summary>Where the instances answer.</summary>
    public static string InboxOf(BusEnvironment environment) => $"_INBOX.{environment.ServerId}.services";

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ServiceAppeared appeared:
                Add(appeared);
                break;
            case ServiceGone gone:
                Remove(gone.Key);
                break;
            case ServiceRound round:
                _rounds.End(round);
                break;
            default:
                base.OnReceive(message);
                break;
        }
    }

    protected override void Handle(in SystemRequest request)
    {
        if (request.Topic != SystemTopics.Services) Hear(request);
        else if (_rounds.MayBegin(request) && request.HasReply) Ask(request);
    }

    private void Add(ServiceAppeared appeared)
    {
        var wasThere = _services.TryGetValue(appeared.Key, out var known);
        if (wasThere && known!.Meet(appeared.Members))
        {
            // Somebody else has come or gone. As long as it has not said who it is, that may be the one.
            if (known.LastHeard is null) Ask(appeared.Key, ServiceQuestion.Info);
            return;
        }

        // It is gone. Who is left may be the same by another connection, or may have listened in.
        if (wasThere) Remove(appeared.Key);
        var service = new KnownService(appeared, Environment.Time.GetUtcNow(), isHeir: wasThere);
        if (_services.Count >= MaxServices || _origins.GetValueOrDefault(service.Origin) >= MaxServicesEach) return;
        Count(service.Origin, 1);
        _services.Add(appeared.Key, service);
        Ask(appeared.Key, ServiceQuestion.Info);
    }

    private void Count(object origin, int change)
    {
        var count = _origins.GetValueOrDefault(origin) + change;
        if (count == 0) _origins.Remove(origin);
        else _origins[origin] = count;
    }

    private void Remove(ServiceKey key)
    {
        if (!_services.Remove(key, out var service)) return;
        Count(service.Origin, -1);
        _rounds.Tell(round => round.Forget(key));
        if (service.IsAnnounced) Tell(SystemTopics.ServiceDownOf(key.Name), new ServiceEvent { IsUp = false, Service = service.ToInstance() });
    }

    /// <summary>It has said who it is: before that there is nothing to tell but that somebody has subscribed.</summary>
    private void Announce(KnownService service)
    {
        service.IsAnnounced = true;
        Tell(SystemTopics.ServiceUpOf(service.Key.Name), new ServiceEvent { IsUp = true, Service = service.ToInstance() });
    }

    private void Tell(string topic, ServiceEvent change)
    {
        Environment.Observer?.ServiceChanged(change);
        var utf8 = Encoding.UTF8.GetBytes(topic);
        if (Environment.Router.Match(utf8).Count > 0) Publisher.Publish(utf8, headers: default, JsonSerializer.SerializeToUtf8Bytes(change, PresenceJson.Default.ServiceEvent));
    }

    /// <summary>An instance has answered, or somebody else pretends to be one.</summary>
    private void Hear(in SystemRequest request)
    {
        if (KnownService.Read(request.Payload) is not { } answer || !_services.TryGetValue(new ServiceKey(answer.Name, answer.Id), out var service)) return;
        var before = service.Origin;
        if (!service.IsOf(request.Producer.Origin)) return;
        Count(before, -1);
        Count(service.Origin, 1);
        var question = service.Take(answer, Environment.Time.GetUtcNow());
        if (!service.IsAnnounced && question == ServiceQuestion.Info) Announce(service);
        _rounds.Tell(round => round.Take(service.Key, question));
    }

    private void Ask(in SystemRequest request)
    {
        var name = request.Payload.IsEmpty ? null : Encoding.UTF8.GetString(request.Payload);
        var asked = Matching(name).Take(MaxListed).Select(service => service.Key).ToList();
        var round = new ServiceRound(name, request.Producer.Origin, request.ReplyTo.ToArray(), asked);
        foreach (var key in asked)
        {
            Ask(key, ServiceQuestion.Info);
            Ask(key, ServiceQuestion.Stats);
        }

        _rounds.Begin(round, Patience);
    }

    private void Ask(ServiceKey key, ServiceQuestion question) =>
        Publisher.PublishFor(Publisher, Encoding.UTF8.GetBytes($"$SRV.{(question == ServiceQuestion.Info ? "INFO" : "STATS")}.{key.Name}.{key.Id}"), _inbox, headers: default, payload: default);

    private IEnumerable<KnownService> Matching(string? name) => _services.Values.Where(service => service.IsListed && (name is null || service.Key.Name == name));

    private void Answer(ServiceRound round)
    {
        var instances = Matching(round.Name).Select(service => service.ToInstance()).OrderBy(service => service.Name, StringComparer.Ordinal).ThenBy(service => service.Since).ThenBy(service => service.Id, StringComparer.Ordinal).ToList();
        for (var listed = Math.Min(instances.Count, MaxListed); ; listed /= 2)
        {
            var list = JsonSerializer.SerializeToUtf8Bytes(new ServiceList(instances.Count, instances[..listed]), PresenceJson.Default.ServiceList);
            if (list.Length > MaxListBytes && listed > 1) continue;
            Publisher.Publish(round.ReplyTo, headers: default, list);
            return;
        }
    }
}
