using Bus.Core.Messages;
using Bus.Core.State;

namespace Bus.Core.Services;

/// <summary>A call that the bus has passed on for somebody, until it is answered. Also the message by which its timer ends it.</summary>
/// <param name="method">What is called.</param>
/// <param name="caller">Who calls.</param>
/// <param name="replyTo">Where the caller waits.</param>
/// <param name="inbox">Where the bus waits for the answer.</param>
internal sealed class RelayedCall(CalledMethod method, IBatchProducer caller, byte[] replyTo, string inbox)
{
    public CalledMethod Method => method;

    public IBatchProducer Caller => caller;

    public object Origin => caller.Origin;

    public byte[] ReplyTo => replyTo;

    public string Inbox => inbox;

    /// <summary>Whether the caller has said how long it waits.</summary>
    public bool HasDeadline { get; set; }

    /// <summary>Nobody has taken it, and the services are asked why.</summary>
    public bool HasReachedNobody { get; set; }

    /// <summary>What is sent once more if they know the method on another topic. Null: nothing is kept.</summary>
    public (byte[] Headers, byte[] Payload)? Kept { get; set; }
}

/// <summary>A method of a service.</summary>
/// <param name="Service">The service.</param>
/// <param name="Instance">The instance. Null: any of them.</param>
/// <param name="Method">The method.</param>
internal sealed record CalledMethod(string Service, string? Instance, string Method)
{
    /// <summary>Where a service of this library has it.</summary>
    public string Topic => Instance is null ? $"{Service}.{Method}" : $"$SRV.CALL.{Service}.{Instance}.{Method}";

    /// <summary>Reads <c>service.method</c> or <c>service.instance.method</c>. Null: it is neither.</summary>
    public static CalledMethod? Read(string text)
    {
        var tokens = text.Split('.');
        // Names only: nobody is to have the bus publish where it may not itself.
        if (!Array.TrueForAll(tokens, ServiceKey.IsName) || tokens[0] == "_INBOX") return null;
        return tokens switch
        {
            [var service, var method] => new CalledMethod(service, Instance: null, method),
            [var service, var instance, var method] => new CalledMethod(service, instance, method),
            _ => null,
        };
    }
}
