using System.Text;
using System.Text.Json;
using Bus.Core.Messages;
using Bus.Core.Presence;
using Bus.Core.State;
using Microsoft.Extensions.Logging;

namespace Bus.Core.Services;

/// <summary>Tells who comes and who leaves, publishes last wills, and answers who is here.</summary>
internal sealed class PresenceActor : SystemService
{
    public const string Name = "presence";

    private readonly ILogger _log;

    public PresenceActor(BusEnvironment environment)
        : base(environment) => _log = environment.Loggers.CreateLogger<PresenceActor>();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ParticipantJoined joined:
                Environment.Observer?.Joined(joined.Participant.Info);
                ServiceLog.Joined(_log, joined.Participant.Name, joined.Participant);
                Announce(SystemTopics.JoinOf(joined.Participant.Name), new PresenceEvent { Kind = PresenceKind.Join, Client = joined.Participant.Info });
                break;
            case ParticipantLeft left:
                Environment.Observer?.Left(left.Participant.Info, left.Reason);
                ServiceLog.Left(_log, left.Participant.Name, left.Reason);
                Announce(SystemTopics.LeaveOf(left.Participant.Name), new PresenceEvent { Kind = PresenceKind.Leave, Client = left.Participant.Info, Reason = left.Reason });
                if (left.Will is { } will) Publisher.Publish(will.Topic, will.Body.AsSpan(0, will.HeaderLength), will.Body.AsSpan(will.HeaderLength));
                break;
            case ConnectionProblem problem:
                Environment.Observer?.Failed(problem);
                break;
            default:
                base.OnReceive(message);
                break;
        }
    }

    protected override void Handle(in SystemRequest request)
    {
        if (request.After(SystemTopics.Clients + ".") is not { } name) request.Reply(JsonSerializer.SerializeToUtf8Bytes(new ParticipantList(Environment.Roster.All()), PresenceJson.Default.ParticipantList));
        else if (Environment.Roster.Find(name) is { } found) request.Reply(JsonSerializer.SerializeToUtf8Bytes(found.Info, PresenceJson.Default.BusParticipant));
        else request.Fail($"Nobody on the bus is called '{name}'.", code: 404, ErrorHeaders.ClientAbsent);
    }

    /// <summary>Nearly always nobody listens: then it is not even written, which for a thousand connections would be a thousand texts and topics.</summary>
    private void Announce(string topic, PresenceEvent happened)
    {
        var utf8 = Encoding.UTF8.GetBytes(topic);
        if (Environment.Router.Match(utf8).Count == 0) return;
        Publisher.Publish(utf8, headers: default, JsonSerializer.SerializeToUtf8Bytes(happened, PresenceJson.Default.PresenceEvent));
    }
}
