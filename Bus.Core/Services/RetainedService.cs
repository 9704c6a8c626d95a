using System.Text;
using System.Text.Json;
using Bus.Core.Messages;
using Bus.Core.State;

namespace Bus.Core.Services;

/// <summary>Answers what is retained: a list for a filter in the payload, or the value of one topic.</summary>
internal sealed class RetainedService(BusEnvironment environment) : SystemService(environment)
{
    public const string Name = "retained";

    // A list has to fit into a message.
    private const int MaxListed = 1000;

    protected override void Handle(in SystemRequest request)
    {
        if (request.After(SystemTopics.Retained + ".") is { } topic) ReplyValue(request, topic);
        else ReplyList(request);
    }

    private void ReplyValue(in SystemRequest request, string topic)
    {
        if (Environment.Router.Retained.Find(Encoding.UTF8.GetBytes(topic)) is not { } value)
        {
            request.Fail($"Nothing is retained for '{topic}'.", code: 404, ErrorHeaders.NotRetained);
            return;
        }

        var body = new byte[value.BodyLength];
        value.Write(body);
        request.Reply(body.AsSpan(value.HeaderLength), body.AsSpan(0, value.HeaderLength));
    }

    private void ReplyList(in SystemRequest request)
    {
        var filter = request.Payload.IsEmpty ? ">"u8 : request.Payload;
        if (!Topic.IsValidFilter(filter))
        {
            request.Fail($"'{Encoding.UTF8.GetString(filter)}' is no filter: the payload is to be one, such as 'orders.*', or empty for all.", code: 400, "bad-request");
            return;
        }

        var store = Environment.Router.Retained;
        var found = store.Matching(filter);
        var list = new RetainedList
        {
            Count = found.Count,
            Bytes = found.Sum(value => (long)value.Size),
            MaxValues = store.Options.MaxValues,
            MaxBytes = store.Options.MaxBytes,
            Refused = store.Refused,
            Values = [.. found.Take(MaxListed).Select(value => new RetainedTopic { Topic = Encoding.UTF8.GetString(value.Topic), Size = value.PayloadLength, Since = value.Since })],
        };
        request.Reply(JsonSerializer.SerializeToUtf8Bytes(list, RetainedJson.Default.RetainedList));
    }
}
