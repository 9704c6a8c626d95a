using System.Text;
using Bus.Core.Messages;
using Bus.Core.State;

namespace Bus.Core.Services;

/// <summary>Passes on what is sent to one client by its name, and says at once when it is not there. Answers itself, or leaves that to whoever handles the message.</summary>
internal sealed class InboxActor(BusEnvironment environment) : SystemService(environment)
{
    public const string Name = "inboxes";

    protected override void Handle(in SystemRequest request)
    {
        if (request.After(SystemTopics.Send) is { } receiver)
        {
            if (FindInbox(request, receiver) is not { } inbox) return;
            Publisher.PublishFor(request.Producer, inbox, replyTo: default, Stamp(request, isAnswered: false), request.Payload);
            request.Reply(payload: default);
        }
        else if (request.After(SystemTopics.Deliver) is { } handler && FindInbox(request, handler) is { } inbox)
        {
            Publisher.PublishFor(request.Producer, inbox, request.ReplyTo, Stamp(request, isAnswered: request.HasReply), request.Payload);
        }
    }

    /// <summary>The inbox of a client, if somebody listens there. If not, the request is answered with an error.</summary>
    private byte[]? FindInbox(in SystemRequest request, string target)
    {
        var dot = target.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? target : target[..dot];
        var inbox = Encoding.UTF8.GetBytes(SystemTopics.Inbox + target);
        if (Environment.Roster.Find(name) is null) request.Fail($"Nobody on the bus is called '{name}'.", code: 404, ErrorHeaders.ClientAbsent);
        else if (Environment.Router.Match(inbox).Count == 0) request.Fail($"'{name}' is on the bus, but {(dot < 0 ? "has no inbox open" : $"does not take messages about '{target[(dot + 1)..]}'")}.", code: 404, ErrorHeaders.InboxClosed);
        else return inbox;
        return null;
    }

    /// <summary>The sender's headers, with its name and without what was meant for the bus.</summary>
    private static byte[] Stamp(in SystemRequest request, bool isAnswered)
    {
        var headers = HeaderBlock.Decode(request.Headers, out _);
        // Who is to answer it is watched over as for any request: if its connection closes before, the sender hears of it.
        if (!isAnswered) headers.Remove(SystemHeaders.Request);
        headers[SystemHeaders.Confirm] = isAnswered ? SystemHeaders.WhenHandled : null;
        headers[SystemHeaders.From] = request.Producer.Participant?.Name;
        return HeaderBlock.Encode(headers);
    }
}
