using System.Text;
using System.Text.Json;
using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.State;
using Bus.Core.Topics;

namespace Bus.Core.Services;

/// <summary>Takes the requests about declared topics. What they change is the topic manager's, which answers when it holds for everybody.</summary>
internal sealed class TopicService(BusEnvironment environment, IActorRef topics) : SystemService(environment)
{
    public const string Name = "declarations";

    // A list has to fit into a message.
    private const int MaxListed = 1000;

    // In the mailbox of the topic manager. One of them may look at every filter there is, and others wait for the manager to subscribe.
    private const int MaxWaiting = 128;

    private readonly Turnstile _waiting = new(MaxWaiting);

    protected override void OnReceive(object message)
    {
        if (message is TopicChanged changed) Answer(changed);
        else if (message is ListTopics list) Answer(list);
        else base.OnReceive(message);
    }

    protected override void Handle(in SystemRequest request)
    {
        switch (request.Topic)
        {
            case SystemTopics.ListTopics:
                List(request);
                break;
            case SystemTopics.CreateTopic:
                Create(request);
                break;
            case SystemTopics.DeleteTopic:
                Delete(request);
                break;
            default:
                request.Fail($"There is no '{request.Topic}': it is '{SystemTopics.CreateTopic}', '{SystemTopics.DeleteTopic}' or '{SystemTopics.ListTopics}'.", code: 404, "unknown-request");
                break;
        }
    }

    private void Create(in SystemRequest request)
    {
        if (!MayChange(request)) return;
        try
        {
            var declaration = request.Payload is [(byte)'{', ..]
                ? JsonSerializer.Deserialize(request.Payload, TopicJson.Default.TopicDeclaration)!
                : new TopicDeclaration { Name = Encoding.UTF8.GetString(request.Payload) };
            declaration.Validate();
            Tell(request, new DeclareTopic(declaration, Self, request.ReplyTo.ToArray(), _waiting));
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            request.Fail($"The topic cannot be declared: {e.Message}", code: 400, "bad-request");
        }
    }

    private void Delete(in SystemRequest request)
    {
        if (!MayChange(request)) return;
        if (Topic.IsValidFilter(request.Payload)) Tell(request, new DeleteTopic(request.Payload.ToArray(), Self, request.ReplyTo.ToArray(), _waiting));
        else request.Fail("The payload is to be the name of a declared topic, such as 'news' or 'orders.*'.", code: 400, "bad-request");
    }

    private bool MayChange(in SystemRequest request)
    {
        if (Environment.Router.Rules.RefuseChange(request.Producer) is not { } refusal) return true;
        request.Fail(refusal);
        return false;
    }

    private void Tell(in SystemRequest request, TopicRequest message)
    {
        if (_waiting.TryEnter()) topics.Tell(message, Self);
        else request.Fail(TopicRefusal.TooManyAtOnce);
    }

    private void List(in SystemRequest request)
    {
        var filter = request.Payload.IsEmpty ? ">"u8.ToArray() : request.Payload.ToArray();
        if (!Topic.IsValidFilter(filter))
        {
            request.Fail($"'{Encoding.UTF8.GetString(filter)}' is no filter: the payload is to be one, such as 'orders.*', or empty for all.", code: 400, "bad-request");
            return;
        }

        Tell(request, new ListTopics(filter, Self, request.ReplyTo.ToArray(), _waiting));
    }

    private void Answer(ListTopics asked)
    {
        if (asked.ReplyTo.Length == 0) return;
        var rules = Environment.Router.Rules;
        var list = new TopicList
        {
            Creation = rules.Creation,
            Count = rules.Count,
            MaxTopics = TopicRules.MaxTopics,
            Topics = [.. rules.All().Where(rule => Topic.Overlap(asked.Filter, rule.Filter)).Take(MaxListed).Select(rule => new TopicState { Name = rule.Name, Policy = rule.Policy, Subscribers = rule.Subscribers })],
        };
        Publisher.Publish(asked.ReplyTo, headers: default, JsonSerializer.SerializeToUtf8Bytes(list, TopicListJson.Default.TopicList));
    }

    private void Answer(TopicChanged changed)
    {
        if (changed.ReplyTo.Length == 0) return;
        if (changed.Refusal is { } refusal) Publisher.Publish(changed.ReplyTo, ErrorHeaders.OfBus(refusal.Text, refusal.Code, refusal.Error), payload: default);
        else Publisher.Publish(changed.ReplyTo, headers: default, JsonSerializer.SerializeToUtf8Bytes(changed.Change!, TopicJson.Default.TopicChange));
    }
}
