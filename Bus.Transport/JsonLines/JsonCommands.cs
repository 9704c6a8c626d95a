using System.Text;
using Bus.Core;
using Bus.Core.Messages;
using Bus.Transport.Nats;

namespace Bus.Transport.JsonLines;

/// <summary>Carries out what a client asks for: says it to the bus, and remembers what the client is to be told of it.</summary>
internal sealed class JsonCommands(JsonSession session)
{
    private const string Language = "json-lines";

    private bool _hasConnected;
    private string? _name;

    private NatsPen Nats => session.Nats;

    /// <param name="operation">Without a fault.</param>
    /// <param name="line">What it was read from.</param>
    /// <returns>Why it cannot be done. Null: it is being done.</returns>
    public JsonFault? Execute(JsonOperation operation, ReadOnlySpan<byte> line)
    {
        var op = operation.Shape!.Op;
        if (op == JsonOp.Connect) return Connect(operation, line);
        // Who does not introduce itself takes part all the same.
        if (!_hasConnected && Introduce(new JsonOperation()) is { } fault) return fault;
        try
        {
            return op switch
            {
                JsonOp.Pub => Publish(operation, line),
                JsonOp.Request => Ask(operation, SystemTopics.ValidateTopic(operation.Topic), operation.Topic, operation.Headers, line, isMarked: true),
                JsonOp.Call => Call(operation, line),
                JsonOp.Survey => Survey(operation, line),
                JsonOp.Cancel => Cancel(operation),
                JsonOp.Reply => Reply(operation, line),
                JsonOp.Send => Send(operation, line),
                JsonOp.Broadcast => Broadcast(operation, line),
                JsonOp.Clients => Ask(operation, SystemTopics.Clients, SystemTopics.Clients, headers: null, line, isMarked: false),
                JsonOp.Services => AskForServices(operation, line),
                JsonOp.Sub => Subscribe(operation, operation.Sub ?? string.Join(',', operation.Topics), operation.Topics),
                JsonOp.Inbox => OpenInbox(operation),
                JsonOp.Unsub => Unsubscribe(operation),
                JsonOp.Ping => AwaitAlways(operation),
                JsonOp.Pong => Pong(),
                _ => Close(operation),
            };
        }
        catch (ArgumentException e)
        {
            // A topic, a filter, a queue group or a name that cannot be one.
            return new JsonFault("bad-value", JsonValues.Sentence(e));
        }
    }

    private JsonFault? Connect(JsonOperation operation, ReadOnlySpan<byte> line)
    {
        if (_hasConnected) return new JsonFault("already-connected", "'connect' comes once, as the first line: without it the first operation connects.");
        if (operation.Name is { } name && !SystemTopics.IsValidName(name)) return new JsonFault("bad-name", $"'{JsonOperationParser.Short(name)}' cannot be the name of a client: up to {SystemTopics.MaxNameLength} characters without white space, dots, commas, quotes, '*' and '>'.");
        if (operation.Will is { } will && WillFault(will) is { } wrong) return wrong;
        if (Introduce(operation) is { } fault) return fault;
        session.AnswersPings = operation.Pings;
        _name = operation.Name;
        if (operation.Will is { } last && Nats.Publish(SystemTopics.WillOf(last.Topic), replyTo: null, last.Headers, isRequest: false, last.Payload(line)) is { } tooLarge) return tooLarge;
        return AwaitAlways(operation);
    }

    private static JsonFault? WillFault(JsonOperation will)
    {
        try
        {
            SystemTopics.ValidateTopic(will.Topic);
            return null;
        }
        catch (ArgumentException e)
        {
            return new JsonFault("bad-value", JsonValues.Sentence(e));
        }
    }

    private JsonFault? Introduce(JsonOperation connect)
    {
        var fault = Nats.Connect(new ConnectOptions
        {
            Name = connect.Name,
            Lang = Language,
            Verbose = false,
            Pedantic = false,
            Echo = connect.Echo,
            Headers = true,
            NoResponders = true,
            Protocol = 1,
            User = connect.User,
            Password = connect.Password,
            AuthToken = connect.Token,
            Bus = new BusConnectOptions { Unique = connect.Name is not null, TakeOver = connect.TakeOver, Program = connect.Program, Payload = connect.ConnectPayload },
        });
        _hasConnected |= fault is null;
        return fault;
    }

    private JsonFault? Publish(JsonOperation operation, ReadOnlySpan<byte> line)
    {
        var topic = operation.Topic;
        var isConfirmed = operation.Confirm || operation.Id is not null;
        if (operation.Reply is { } reply) SystemTopics.ValidateTopic(reply);
        if (isConfirmed && operation.Reply is not null) return new JsonFault("bad-value", "The message has a 'reply' and is to be confirmed, by 'confirm' or by its 'id': the confirmation takes the place of the reply. Leave one out, or use 'request'.");
        var target = operation.Retain ? SystemTopics.RetainOf(topic) : isConfirmed ? SystemTopics.ConfirmedOf(topic) : SystemTopics.ValidateTopic(topic);
        return isConfirmed
            ? Ask(operation, target, topic, operation.Headers, line, isMarked: false)
            : Nats.Publish(target, operation.Reply, operation.Headers, isRequest: false, operation.Payload(line));
    }

    private JsonFault? Ask(JsonOperation operation, string target, string topic, BusHeaders? headers, ReadOnlySpan<byte> line, bool isMarked) =>
        session.Ask(new JsonRequest(operation.Shape!.Op, operation.Id, topic, target, operation.As, operation.Timeout), headers, isMarked, operation.Payload(line));

    private JsonFault? Call(JsonOperation operation, ReadOnlySpan<byte> line)
    {
        if (session.Name is not null) return session.Calls.Call(operation, line);
        // The service is told who calls, so that it hears when the caller is gone.
        session.Hold(line);
        return null;
    }

    private JsonFault? Survey(JsonOperation operation, ReadOnlySpan<byte> line)
    {
        var request = new JsonRequest(JsonOp.Survey, operation.Id, operation.Topic, SystemTopics.SurveyOf(operation.Topic), operation.As, operation.Timeout) { Survey = new JsonSurvey(operation.Max) };
        return session.Ask(request, operation.Headers, isMarked: false, operation.Payload(line));
    }

    private JsonFault? Cancel(JsonOperation operation)
    {
        session.Calls.Cancel(operation.Id!);
        return null;
    }

    private JsonFault? AskForServices(JsonOperation operation, ReadOnlySpan<byte> line)
    {
        operation.Bytes = Encoding.UTF8.GetBytes(operation.Name ?? "");
        return Ask(operation, SystemTopics.Services, SystemTopics.Services, headers: null, line, isMarked: false);
    }

    private JsonFault? Reply(JsonOperation operation, ReadOnlySpan<byte> line)
    {
        var headers = operation.Headers;
        if (operation.Error is { } error)
        {
            headers = ErrorHeaders.Create(error.Message!, error.Status, error.Code);
            foreach (var (name, value) in operation.Headers ?? []) headers.Add(name, value);
        }

        return Nats.Publish(SystemTopics.ValidateTopic(operation.To), replyTo: null, headers, isRequest: false, operation.Payload(line)) ?? AwaitIfAsked(operation);
    }

    private JsonFault? Send(JsonOperation operation, ReadOnlySpan<byte> line)
    {
        var topic = operation.Topics.Count > 0 ? operation.Topic : null;
        var target = operation.Wait ? SystemTopics.DeliverTo(operation.To, topic) : SystemTopics.SendTo(operation.To, topic);
        return Ask(operation, target, operation.To, operation.Headers, line, isMarked: operation.Wait);
    }

    private JsonFault? Broadcast(JsonOperation operation, ReadOnlySpan<byte> line)
    {
        var headers = operation.Headers;
        if (operation.Except.Count > 0)
        {
            headers ??= [];
            headers[SystemHeaders.Except] = string.Join(',', operation.Except.Select(SystemTopics.ValidateName));
        }

        return Nats.Publish(SystemTopics.BroadcastOf(operation.Topic), replyTo: null, headers, isRequest: false, operation.Payload(line)) ?? AwaitIfAsked(operation);
    }

    private JsonFault? OpenInbox(JsonOperation operation)
    {
        if (_name is null) return new JsonFault("no-name", "An inbox needs a name under which others send to it: begin with {\"op\":\"connect\",\"name\":...}.");
        return Subscribe(operation, "inbox", SystemTopics.InboxFilters(_name));
    }

    private JsonFault? Subscribe(JsonOperation operation, string name, IReadOnlyList<string> filters)
    {
        if (operation.Queue is { } queue) Topic.ValidateQueue(queue);
        foreach (var filter in filters)
        {
            Topic.ValidateFilter(filter);
            if (Nats.Check(filter, operation.Queue) is { } fault) return fault;
        }

        if (session.Subscriptions.Add(name, filters, operation.Max, operation.As) is not { } subscription) return new JsonFault("sub-exists", $"There is a subscription '{JsonOperationParser.Short(name)}' already: end it with 'unsub', or give this one a name of its own with 'sub'.");
        for (var i = 0; i < filters.Count; i++)
        {
            Nats.Subscribe(filters[i], operation.Queue, subscription.Sid(i));
            // The bus counts itself where it can: then not one too many is taken from a queue group.
            if (subscription.Left is not null && filters.Count == 1) Nats.Unsubscribe(subscription.Sid(i), operation.Max);
        }

        if (operation.Id is not null) session.Await(new JsonFence(JsonOp.Sub, operation.Id, subscription));
        return null;
    }

    private JsonFault? Unsubscribe(JsonOperation operation)
    {
        if (session.Subscriptions.Find(operation.Sub!) is not { } subscription) return new JsonFault("sub-unknown", $"There is no subscription '{JsonOperationParser.Short(operation.Sub!)}': it has ended, or never was.");
        session.Subscriptions.Remove(subscription);
        foreach (var sid in subscription.Sids) Nats.Unsubscribe(sid);
        if (operation.Id is not null) session.Await(new JsonFence(JsonOp.Unsub, operation.Id, subscription));
        return null;
    }

    private JsonFault? Pong()
    {
        Nats.Pong();
        return null;
    }

    private JsonFault? Close(JsonOperation operation)
    {
        Nats.Publish(Encoding.ASCII.GetString(SystemTopics.Bye), replyTo: null, headers: null, isRequest: false, payload: default);
        session.Close(operation.Id);
        return null;
    }

    private JsonFault? AwaitAlways(JsonOperation operation)
    {
        session.Await(new JsonFence(operation.Shape!.Op, operation.Id));
        return null;
    }

    private JsonFault? AwaitIfAsked(JsonOperation operation) => operation.Id is null ? null : AwaitAlways(operation);
}
