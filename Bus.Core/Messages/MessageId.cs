namespace Bus.Core.Messages;

/// <summary>The header by which a message that is sent twice is known to be the same one: that of NATS.</summary>
internal static class MessageId
{
    public const string Header = "Nats-Msg-Id";

    /// <summary>Gives headers an id, unless the caller chose one.</summary>
    public static BusHeaders Mark(BusHeaders? headers)
    {
        if (headers is not null && headers.Contains(Header)) return headers;
        var marked = new BusHeaders();
        foreach (var (name, value) in headers ?? []) marked.Add(name, value);
        marked.Add(Header, RandomName.Hex(24));
        return marked;
    }
}
