using System.Text.Json;

namespace Bus.Transport.JsonLines;

/// <summary>What a line asks for.</summary>
internal enum JsonOp
{
    None,
    Connect,
    Pub,
    Sub,
    Unsub,
    Inbox,
    Request,
    Reply,
    Send,
    Broadcast,
    Clients,
    Services,
    Call,
    Survey,
    Cancel,
    Ping,
    Pong,
    Close,
}

/// <summary>Every property that a line, or an object in it, can have.</summary>
[Flags]
internal enum JsonProperty : long
{
    None = 0,
    Op = 1 << 0,
    Id = 1 << 1,
    Topic = 1 << 2,
    Data = 1 << 3,
    Text = 1 << 4,
    Base64 = 1 << 5,
    Headers = 1 << 6,
    To = 1 << 7,
    Reply = 1 << 8,
    Sub = 1 << 9,
    Queue = 1 << 10,
    Max = 1 << 11,
    As = 1 << 12,
    Timeout = 1 << 13,
    Confirm = 1 << 14,
    Retain = 1 << 15,
    Error = 1 << 16,
    Wait = 1 << 17,
    Except = 1 << 18,
    Name = 1 << 19,
    TakeOver = 1 << 20,
    Program = 1 << 21,
    Token = 1 << 22,
    User = 1 << 23,
    Password = 1 << 24,
    Payload = 1 << 25,
    Will = 1 << 26,
    Echo = 1 << 27,
    Pings = 1 << 28,
    Code = 1 << 29,
    Message = 1 << 30,
    Status = 1L << 31,
    Service = 1L << 32,
    Method = 1L << 33,
    Instance = 1L << 34,
    Stream = 1L << 35,

    /// <summary>The payload of a message, in one of its forms, and what goes with it.</summary>
    Content = Data | Text | Base64 | Headers,
}

/// <summary>One operation of the grammar.</summary>
/// <param name="Op">Which.</param>
/// <param name="Name">As the property <c>op</c> has it.</param>
/// <param name="Needs">Properties that it must have.</param>
/// <param name="Takes">Properties that it may have besides.</param>
internal sealed record JsonShape(JsonOp Op, string Name, JsonProperty Needs, JsonProperty Takes)
{
    public JsonProperty Known => JsonProperty.Op | Needs | Takes;
}

/// <summary>The grammar of the lines that a client sends, as docs/json-lines.md has it.</summary>
internal static class JsonGrammar
{
    /// <summary>How deep a line may be nested, its own object counted.</summary>
    public const int MaxDepth = 64;

    private const JsonProperty Id = JsonProperty.Id;

    public static readonly IReadOnlyList<JsonShape> Operations =
    [
        new(JsonOp.Pub, "pub", JsonProperty.Topic, Id | JsonProperty.Content | JsonProperty.Reply | JsonProperty.Confirm | JsonProperty.Retain),
        new(JsonOp.Request, "request", JsonProperty.Topic, Id | JsonProperty.Content | JsonProperty.Timeout | JsonProperty.As),
        new(JsonOp.Reply, "reply", JsonProperty.To, Id | JsonProperty.Content | JsonProperty.Error),
        new(JsonOp.Sub, "sub", JsonProperty.Topic, Id | JsonProperty.Sub | JsonProperty.Queue | JsonProperty.Max | JsonProperty.As),
        new(JsonOp.Unsub, "unsub", JsonProperty.Sub, Id),
        new(JsonOp.Inbox, "inbox", JsonProperty.None, Id | JsonProperty.Max | JsonProperty.As),
        new(JsonOp.Send, "send", JsonProperty.To, Id | JsonProperty.Topic | JsonProperty.Content | JsonProperty.Timeout | JsonProperty.Wait | JsonProperty.As),
        new(JsonOp.Broadcast, "broadcast", JsonProperty.Topic, Id | JsonProperty.Content | JsonProperty.Except),
        new(JsonOp.Clients, "clients", JsonProperty.None, Id),
        new(JsonOp.Services, "services", JsonProperty.None, Id | JsonProperty.Name),
        new(JsonOp.Call, "call", JsonProperty.Service | JsonProperty.Method, Id | JsonProperty.Content | JsonProperty.Instance | JsonProperty.Timeout | JsonProperty.As | JsonProperty.Stream),
        new(JsonOp.Survey, "survey", JsonProperty.Topic, Id | JsonProperty.Content | JsonProperty.Max | JsonProperty.Timeout | JsonProperty.As),
        new(JsonOp.Cancel, "cancel", Id, JsonProperty.None),
        new(JsonOp.Connect, "connect", JsonProperty.None, Id | JsonProperty.Name | JsonProperty.TakeOver | JsonProperty.Program | JsonProperty.Token | JsonProperty.User | JsonProperty.Password | JsonProperty.Payload | JsonProperty.Will | JsonProperty.Echo | JsonProperty.Pings),
        new(JsonOp.Ping, "ping", JsonProperty.None, Id),
        new(JsonOp.Pong, "pong", JsonProperty.None, JsonProperty.None),
        new(JsonOp.Close, "close", JsonProperty.None, Id),
    ];

    /// <summary>The object in <c>will</c>.</summary>
    public static readonly JsonShape Will = new(JsonOp.None, "will", JsonProperty.Topic, JsonProperty.Content);

    /// <summary>The object in <c>error</c>.</summary>
    public static readonly JsonShape Error = new(JsonOp.None, "error", JsonProperty.Message, JsonProperty.Code | JsonProperty.Status);

    // The common ones first: they are compared one by one.
    private static readonly (JsonProperty Property, string Name)[] Names =
    [
        .. new[] { JsonProperty.Op, JsonProperty.Topic, JsonProperty.Data, JsonProperty.Id }.Select(property => (property, NameOf(property))),
        .. Enum.GetValues<JsonProperty>().Where(property => long.PopCount((long)property) == 1 && property is not (JsonProperty.Op or JsonProperty.Topic or JsonProperty.Data or JsonProperty.Id)).Select(property => (property, NameOf(property))),
    ];

    /// <summary>The property that the reader stands on; None when there is none of that name.</summary>
    public static JsonProperty Find(ref Utf8JsonReader reader)
    {
        foreach (var (property, name) in Names)
        {
            if (reader.ValueTextEquals(name)) return property;
        }

        return JsonProperty.None;
    }

    /// <summary>The operation that the reader stands on; null when there is none of that name.</summary>
    public static JsonShape? FindOperation(ref Utf8JsonReader reader)
    {
        foreach (var shape in Operations)
        {
            if (reader.ValueTextEquals(shape.Name)) return shape;
        }

        return null;
    }

    /// <summary>Names of properties, for an error.</summary>
    public static string Join(JsonProperty properties) => string.Join(", ", Names.Where(name => (properties & name.Property) != JsonProperty.None).Select(name => name.Name));

    public static string NameOf(JsonProperty property)
    {
        var name = property.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
