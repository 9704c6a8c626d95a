using System.Text;

namespace Bus.Core.Client;

/// <summary>
/// Whom a call is for, in the words of who made it. The bus has topics of its own for what is more than publishing, such as <c>$BUS.SEND.name</c>: who sends something to
/// a name has never seen them, and an error that named one would not be understood.
/// </summary>
/// <param name="Topic">The topic of the caller. Null: a client by its name alone.</param>
/// <param name="Client">The client that was named. Null: none was.</param>
internal readonly record struct Addressee(string? Topic, string? Client)
{
    /// <summary>The message, at the begin of a sentence.</summary>
    public string Message => $"The message to '{Client ?? Topic}'";

    /// <summary>The request, within a sentence.</summary>
    public string Request => IsBus ? "the request to the bus" : Client is null ? $"the request on '{Topic}'" : $"the message to '{Client}'";

    /// <summary>Who is to answer, at the begin of a sentence.</summary>
    public string Responder => IsBus ? "The bus" : Client is null ? $"The responder on '{Topic}'" : $"'{Client}'";

    /// <summary>Whether the bus itself is asked.</summary>
    public bool IsBus => Client is null && Topic!.StartsWith("$BUS.", StringComparison.Ordinal);

    /// <param name="topic">Where the message goes, or the filter of a subscription.</param>
    public static Addressee Of(string topic)
    {
        if (!topic.StartsWith("$BUS.", StringComparison.Ordinal)) return new(topic, Client: null);
        if (AfterAny(topic, SystemTopics.Send, SystemTopics.Deliver) is { } target)
        {
            var dot = target.IndexOf('.', StringComparison.Ordinal);
            return dot < 0 ? new(Topic: null, target) : new(target[(dot + 1)..], target[..dot]);
        }

        return new(AfterAny(topic, SystemTopics.Broadcast) ?? Encoding.UTF8.GetString(SystemTopics.RoutedAs(Encoding.UTF8.GetBytes(topic))), Client: null);
    }

    private static string? AfterAny(string topic, params ReadOnlySpan<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (topic.StartsWith(prefix, StringComparison.Ordinal)) return topic[prefix.Length..];
        }

        return null;
    }
}
