using System.Globalization;
using Bus.Core;
using Bus.Core.Presence;
using Bus.Transport.Endpoints;
using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>A connection as a participant of the bus, from CONNECT on: its name, and what becomes known when it leaves. Owned by the connection actor.</summary>
internal sealed class Membership(ConnectionSetup setup, ConnectionProducer producer, IActorContext context)
{
    private const int MaxText = 128;

    private LeaveReason? _reason;
    private string? _generated;
    private BusParticipant? _refused;
    private int _lane;

    /// <summary>Null before CONNECT.</summary>
    public string? Name => producer.Participant?.Name;

    /// <summary>Who it is, or who was refused. Null before CONNECT.</summary>
    public BusParticipant? Info => producer.Participant?.Info ?? _refused;

    /// <summary>Whether somebody had its name before and has to go first: <see cref="GivenWay"/> follows.</summary>
    public bool HasFormer { get; private set; }

    /// <summary>What is published when the connection ends without having been closed.</summary>
    public KeptMessage? Will { get; set; }

    /// <summary>Whether somebody else is this client, come back by another connection.</summary>
    public bool IsSelf(Participant other) => producer.Participant?.Info.Id == other.Info.Id;

    /// <summary>Takes part. A second CONNECT changes nothing here.</summary>
    /// <returns>Why it cannot; null when it does.</returns>
    public NatsError? Join(ConnectOptions options)
    {
        if (producer.Participant is not null) return null;
        if (InvalidName(options) is { } invalid) return invalid;
        if (options.Bus is { Lane: > 0, Key: { } key }) return JoinClient(options, key, options.Bus.Lane);
        var (isNamed, name) = (IsNamed(options), NameOf(options));
        while (true)
        {
            var participant = new Participant(Describe(name, options), context.Self) { Origin = producer, Key = options.Bus?.Key };
            if (setup.Environment.Roster.TryJoin(participant, options.Bus?.TakeOver ?? false, out var former) is not { } holder)
            {
                HasFormer = former is not null;
                producer.Participant = participant;
                setup.Channel.Joined(name);
                return null;
            }

            _refused = participant.Info;
            if (isNamed) return NatsErrors.ClientNameTaken(holder.ToString());
            // Somebody chose what was meant for this one.
            name = $"{Numbered()}-{RandomName.Hex(6)}";
        }
    }

    /// <summary>Why the name that it wants cannot be one. Null: it can.</summary>
    public static NatsError? InvalidName(ConnectOptions options) => IsNamed(options) && (options.Name is null || !SystemTopics.IsValidName(options.Name)) ? NatsErrors.InvalidClientName : null;

    /// <summary>Who it would be.</summary>
    public BusParticipant Describe(ConnectOptions options) => Describe(NameOf(options), options);

    /// <summary>It is not let in.</summary>
    public void Refuse(ConnectOptions options) => _refused = Describe(options);

    /// <summary>Why the connection is about to end. The first reason counts.</summary>
    public void Because(LeaveReason reason) => _reason ??= reason;

    /// <summary>Leaves, once.</summary>
    public void Leave()
    {
        if (producer.Participant is not { } participant) return;
        // Another socket of a client is not the client.
        if (_lane > 0)
        {
            setup.Environment.Roster.LeaveLane(participant, _lane, context.Self);
            return;
        }

        var reason = _reason ?? LeaveReason.Lost;
        var isWanted = reason is LeaveReason.Closed or LeaveReason.TakenOver or LeaveReason.BusStopped;
        setup.Environment.Roster.Leave(participant, reason, isWanted ? null : Will);
    }

    /// <summary>What a peer says of itself goes to terminals, logs and error lines.</summary>
    public static string? Clean(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        // As a rule there is nothing to clean, and a thousand connections would leave a thousand enumerators.
        if (text.Length <= MaxText && IsClean(text)) return text;
        return string.Concat(text.Where(IsClean).Take(MaxText));
    }

    /// <summary>Is another socket of a client. When that has ended, the connection is told so.</summary>
    private NatsError? JoinClient(ConnectOptions options, string key, int lane)
    {
        var socket = Describe(options);
        _refused = socket;
        if (setup.Environment.Roster.Find(socket, key) is not { } client) return NatsErrors.NoSuchClient(socket.Name);
        producer.Participant = client;
        context.Watch(client.Owner);
        _lane = lane;
        HasFormer = setup.Environment.Roster.JoinLane(client, lane, context.Self);
        setup.Channel.Joined(client.Name);
        return null;
    }

    private static bool IsNamed(ConnectOptions options) => options.Bus is { Unique: true };

    private string NameOf(ConnectOptions options) => IsNamed(options) ? options.Name! : Generated();

    /// <summary>INFO tells a client its number.</summary>
    private string Numbered() => string.Create(CultureInfo.InvariantCulture, $"client-{setup.Id}");

    /// <summary>What a client is called that chose no name: the same whenever it is asked for.</summary>
    private string Generated() => _generated ??= Generate();

    private string Generate()
    {
        if (setup.Options.GenerateName is not { } generate) return Numbered();
        try
        {
            return SystemTopics.ValidateName(generate(setup.Id));
        }
        catch (Exception e)
        {
            // The application's code: whatever it throws, the client can do nothing for it.
            ConnectionLog.NoNameGenerated(setup.Log, e, setup.Id, Numbered());
            return Numbered();
        }
    }

    private BusParticipant Describe(string name, ConnectOptions options)
    {
        var kernel = PeerCredentials.Of(setup.Channel);
        return new BusParticipant
        {
            // Not its name: who comes with the id of another is that one, back again.
            Id = Clean(options.Bus?.Id) ?? Numbered(),
            Name = name,
            Since = setup.Environment.Time.GetUtcNow(),
            Uid = kernel.Uid,
            Pid = kernel.Pid ?? options.Bus?.Pid,
            Endpoint = setup.Endpoint.ToString(),
            Program = Clean(options.Bus?.Program) ?? Clean(options.Name) ?? Clean(options.Lang),
        };
    }

    private static bool IsClean(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!IsClean(c)) return false;
        }

        return true;
    }

    private static bool IsClean(char c) => !char.IsControl(c) && c is not ('\'' or '"');
}
