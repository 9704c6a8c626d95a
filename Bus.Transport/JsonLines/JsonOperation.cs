using Bus.Core.Messages;

namespace Bus.Transport.JsonLines;

/// <summary>What is wrong with a line, or with what it asks for.</summary>
/// <param name="Code">A symbolic name for programs. All are in docs/json-lines.md.</param>
/// <param name="Text">For people: what, where, what to do.</param>
internal sealed record JsonFault(string Code, string Text)
{
    /// <summary>What there is instead of what was asked for. Null: that is not known.</summary>
    public IReadOnlyList<string>? Available { get; init; }
}

/// <summary>How the payloads of messages are to be written.</summary>
internal enum JsonForm
{
    /// <summary>As <c>data</c> what is JSON, as <c>text</c> what is UTF-8, as <c>base64</c> the rest.</summary>
    Auto,

    /// <summary>As <c>text</c>, and as <c>base64</c> what is no UTF-8.</summary>
    Text,

    /// <summary>As <c>base64</c>.</summary>
    Base64,
}

/// <summary>A line of a client, or an object in it, as it was read. What the line did not say has its default.</summary>
internal sealed class JsonOperation
{
    /// <summary>What is wrong with it. Null: nothing.</summary>
    public JsonFault? Fault { get; set; }

    /// <summary>Null when the line did not say, or said something unknown.</summary>
    public JsonShape? Shape { get; set; }

    public JsonProperty Seen { get; set; }

    /// <summary>The JSON of the id. Null: there is none.</summary>
    public byte[]? Id { get; set; }

    public IReadOnlyList<string> Topics { get; set; } = [];

    public string Topic => Topics[0];

    public string? Sub { get; set; }

    public string? Queue { get; set; }

    public long Max { get; set; }

    public JsonForm As { get; set; }

    public string To { get; set; } = "";

    public string? Reply { get; set; }

    public string Service { get; set; } = "";

    public string Method { get; set; } = "";

    public string? Instance { get; set; }

    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    public bool Confirm { get; set; }

    public bool Retain { get; set; }

    public bool Wait { get; set; }

    public bool Stream { get; set; }

    public IReadOnlyList<string> Except { get; set; } = [];

    public BusHeaders? Headers { get; set; }

    public JsonOperation? Error { get; set; }

    public JsonOperation? Will { get; set; }

    public string? Code { get; set; }

    public string? Message { get; set; }

    public int Status { get; set; } = 500;

    public string? Name { get; set; }

    public string? Program { get; set; }

    public string? Token { get; set; }

    public string? User { get; set; }

    public string? Password { get; set; }

    public string? ConnectPayload { get; set; }

    public bool TakeOver { get; set; }

    public bool Echo { get; set; } = true;

    public bool Pings { get; set; }

    /// <summary>Where in the line the JSON of <c>data</c> is.</summary>
    public Range Data { get; set; }

    /// <summary>The bytes of <c>text</c> or <c>base64</c>.</summary>
    public byte[] Bytes { get; set; } = [];

    public bool Has(JsonProperty property) => (Seen & property) != JsonProperty.None;

    /// <summary>The payload of the message.</summary>
    /// <param name="line">What it was read from.</param>
    public ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> line) => Has(JsonProperty.Data) ? line[Data] : Bytes;
}
