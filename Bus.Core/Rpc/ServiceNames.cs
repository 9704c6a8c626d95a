using Bus.Core.State;

namespace Bus.Core.Rpc;

/// <summary>What services, their methods and their instances can be called.</summary>
public static class ServiceNames
{
    /// <summary>Checks a name: at most 128 letters (a to z), digits, '_' and '-'.</summary>
    /// <param name="name">The name.</param>
    /// <param name="what">What has it, for the error. Default: a service.</param>
    /// <returns>The name, unchanged.</returns>
    /// <exception cref="ArgumentException">It is not valid; the message says why.</exception>
    public static string Validate(string name, string what = "service")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Length > ServiceKey.MaxLength) throw new ArgumentException($"The name that begins with '{name[..40]}' has {name.Length} characters; the name of a {what} has at most {ServiceKey.MaxLength}.", nameof(name));
        return ServiceKey.IsName(name)
            ? name
            : throw new ArgumentException($"'{name}' cannot be the name of a {what}: it may have letters, digits, '_' and '-' (a to z without accents), because it becomes a token of a topic.", nameof(name));
    }
}
