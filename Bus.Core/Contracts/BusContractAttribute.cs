namespace Bus.Core.Contracts;

/// <summary>
/// Makes an interface the contract of a service: <see cref="ContractExtensions.Contract"/> gives a client of it, and <see cref="ContractExtensions.ServeAsync"/> offers an
/// implementation. Both are written at compile time, so the interface has to be <c>partial</c>. What cannot cross the wire is an error of the compiler (IPCBUS001 and on).
/// </summary>
/// <param name="service">The name of the service: letters, digits, '_' and '-'.</param>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public sealed class BusContractAttribute(string service) : Attribute
{
    /// <summary>The name of the service.</summary>
    public string Service { get; } = service;

    /// <summary>The version that the service is offered with, as semantic versioning has it. Default: null, that of the options.</summary>
    public string? Version { get; set; }

    /// <summary>What the service is for, for people. Default: nothing.</summary>
    public string Description { get; set; } = "";
}

/// <summary>How a method of a contract is called on the bus.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BusMethodAttribute : Attribute
{
    /// <summary>With the name that it has without the attribute: <c>FindByNameAsync</c> is called <c>find-by-name</c>.</summary>
    public BusMethodAttribute()
    {
    }

    /// <summary>With another name.</summary>
    /// <param name="name">Letters, digits, '_' and '-'.</param>
    public BusMethodAttribute(string name) => Name = name;

    /// <summary>The name. Null: that which is made of the method's.</summary>
    public string? Name { get; }

    /// <summary>What it does, for people. Default: nothing.</summary>
    public string Description { get; set; } = "";

    /// <summary>
    /// How many milliseconds it may take: the service ends it then, and callers wait as long unless <see cref="Rpc.ServiceCallOptions.Timeout"/> says otherwise. Default: 0, as
    /// long as the caller waits.
    /// </summary>
    public int TimeoutMs { get; set; }

    /// <summary>Whether it does no harm when it is carried out although the answer is lost: a call is sent again when the connection breaks. Default: false.</summary>
    public bool SafeToRetry { get; set; }

    /// <summary>
    /// Of a method that only looks something up: how many milliseconds old an answer may be that an earlier equal call has brought, as <see cref="Rpc.ServiceCallOptions.CacheFor"/>; if the options of
    /// the client have that, it goes before this. Default: 0, each call is made.
    /// </summary>
    public int CacheMs { get; set; }
}
