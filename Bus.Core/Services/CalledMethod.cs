using Bus.Core.State;

namespace Bus.Core.Services;

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
