namespace Bus.Core.Rpc;

/// <summary>The topics of services: those of the NATS services convention (ADR-32), and two of our own beside them.</summary>
internal static class ServiceTopics
{
    public const string Ping = "$SRV.PING";
    public const string Info = "$SRV.INFO";
    public const string Stats = "$SRV.STATS";

    public static string MethodOf(string service, string method) => $"{service}.{method}";

    /// <summary>Where one instance is called, and not any of them.</summary>
    public static string MethodOf(string service, string instance, string method) => $"$SRV.CALL.{service}.{instance}.{method}";

    /// <summary>Where callers tell all instances the id of a call for whose answer nobody waits any more.</summary>
    public static string CancelOf(string service) => $"$SRV.CANCEL.{service}";

    /// <summary>All on which something is asked of an instance, or of every instance.</summary>
    public static IEnumerable<string> QuestionsTo(string service, string instance) =>
        from verb in (string[])[Ping, Info, Stats]
        from topic in (string[])[verb, $"{verb}.{service}", $"{verb}.{service}.{instance}"]
        select topic;

    /// <exception cref="ArgumentException">It cannot be the name of a service.</exception>
    public static string ValidateService(string name)
    {
        Validate(name, "service");
        // Everybody's replies go there.
        return name == "_INBOX" ? throw new ArgumentException("A service cannot be called '_INBOX': replies go there.", nameof(name)) : name;
    }

    /// <exception cref="ArgumentException">It cannot be the name of a method.</exception>
    public static string ValidateMethod(string name) => Validate(name, "method");

    /// <exception cref="ArgumentException">It cannot be the id of an instance.</exception>
    public static string ValidateInstance(string id) => Validate(id, "instance of a service");

    private static string Validate(string name, string what) => ServiceNames.Validate(name, what);
}
