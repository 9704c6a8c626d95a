using System.Text;
using Bus.Core.Messages;
using Bus.Core.State;

namespace Bus.Core.Services;

/// <summary>Passes on what is sent to one client by its name, and says at once when it is not there.</summary>
internal sealed class InboxActor(BusEnvironment environment) : SystemService(environment)
{
    public const string Name = "inboxes";

    protected override void Handle(in SystemRequest request)
    {
        if (request.After(SystemTopics.Send) is not { } target) return;
        var dot = target.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? target : target[..dot];
        var inbox = Encoding.UTF8.GetBytes(SystemTopics.Inbox + target);
        if (Environment.Roster.Find(name) is null)
        {
            request.Fail($"Nobody on the bus is called '{name}'.", code: 404, ErrorHeaders.ClientAbsent);
        }
        else if (Environment.Router.Match(inbox).Count == 0)
        {
            request.Fail($"'{name}' is on the bus, but does not listen on '{SystemTopics.Inbox}{target}'.", code: 404, ErrorHeaders.InboxClosed);
        }
        else
        {
            Publisher.PublishFor(request.Producer, inbox, Stamp(request), request.Payload);
            request.Reply(payload: default);
        }
    }

    /// <summary>The sender's headers, with its name and without what was meant for the bus.</summary>
    private static byte[] Stamp(in SystemRequest request)
    {
        var headers = HeaderBlock.Decode(request.Headers, out _);
        headers.Remove(SystemHeaders.Request);
        headers[SystemHeaders.From] = request.Producer.Participant?.Name;
        return HeaderBlock.Encode(headers);
    }
}
