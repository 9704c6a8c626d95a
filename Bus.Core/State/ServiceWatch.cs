using System.Text;
using Bus.Core.Messages;
using Bus.Core.Presence;

namespace Bus.Core.State;

/// <summary>
/// Sees services come and go by what every instance of a NATS service subscribes to, whatever library it is written with: <c>$SRV.INFO.name.id</c>. Nobody has to register, and
/// what its connection or its death ends is gone here too. Called by the topic manager.
/// </summary>
internal sealed class ServiceWatch
{
    // One is the instance, and others may listen in: of a crowd only so many can be it, or each that comes would cost as much as there are.
    private const int MaxMembers = 64;

    private volatile IActorRef? _listener;

    private static ReadOnlySpan<byte> Prefix => "$SRV.INFO."u8;

    /// <summary>Tells an actor of every change from now on: of all, if that is before anybody could subscribe.</summary>
    public void Listen(IActorRef listener) => _listener = listener;

    /// <summary>The subscribers of a filter are others than before.</summary>
    /// <param name="filter">The filter, which is in the routing table: whoever hears of an instance asks it at once.</param>
    /// <param name="subscribers">All of them: as long as one stays, it does not come behind others.</param>
    public void Subscribed(byte[] filter, ReadOnlySpan<Subscriber> subscribers)
    {
        if (_listener is not { } listener || Read(filter) is not { } key) return;
        var members = new ServiceMember[Math.Min(subscribers.Length, MaxMembers)];
        for (var i = 0; i < members.Length; i++) members[i] = new ServiceMember(subscribers[i].Origin, (subscribers[i].Origin as IBatchProducer)?.Participant);
        listener.Tell(new ServiceAppeared(key, members), ActorRefs.NoSender);
    }

    /// <summary>A filter has lost its last subscriber.</summary>
    public void Unsubscribed(byte[] filter)
    {
        if (Read(filter) is { } key) _listener?.Tell(new ServiceGone(key), ActorRefs.NoSender);
    }

    private static ServiceKey? Read(ReadOnlySpan<byte> filter)
    {
        if (!filter.StartsWith(Prefix) || Topic.HasWildcard(filter)) return null;
        var rest = filter[Prefix.Length..];
        var dot = rest.IndexOf((byte)'.');
        if (dot <= 0 || dot == rest.Length - 1 || rest[(dot + 1)..].Contains((byte)'.')) return null;
        return new ServiceKey(Encoding.UTF8.GetString(rest[..dot]), Encoding.UTF8.GetString(rest[(dot + 1)..]));
    }
}

/// <summary>An instance of a service.</summary>
internal sealed record ServiceKey(string Name, string Id)
{
    public const int MaxLength = 128;

    /// <summary>Whether a service, a method or an instance can be called so.</summary>
    public static bool IsName(string text) => text.Length is > 0 and <= MaxLength && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-');
}

/// <summary>Somebody who subscribes as an instance of a service does.</summary>
/// <param name="Origin">The connection by which it is there.</param>
/// <param name="Owner">Whose that is. Null: of somebody who has not introduced itself.</param>
internal sealed record ServiceMember(object Origin, Participant? Owner);

/// <summary>Told to the service registry: an instance is there, or others have subscribed to its filter or left it.</summary>
/// <param name="Key">Which.</param>
/// <param name="Members">Who subscribes now: one at least, of whom one is the instance.</param>
internal sealed record ServiceAppeared(ServiceKey Key, IReadOnlyList<ServiceMember> Members);

/// <summary>Told to the service registry: an instance is gone.</summary>
internal sealed record ServiceGone(ServiceKey Key);
