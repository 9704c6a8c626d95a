#nullable disable
namespace Bus.Actors;

/// <summary>The part of a path that names the actor system; in this runtime always a local one.</summary>
public sealed class Address : IEquatable<Address>
{
    /// <summary>Names a system.</summary>
    /// <param name="protocol">The scheme, <c>akka</c>.</param>
    /// <param name="system">The name of the system.</param>
    /// <param name="host">The host, or null for a local address.</param>
    /// <param name="port">The port, or null for a local address.</param>
    public Address(string protocol, string system, string host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host;
        Port = port;
    }

    /// <summary>The host, or null for a local address.</summary>
    public string Host { get; }

    /// <summary>The port, or null for a local address.</summary>
    public int? Port { get; }

    /// <summary>The name of the system.</summary>
    public string System { get; }

    /// <summary>The scheme.</summary>
    public string Protocol { get; }

    /// <inheritdoc/>
    public bool Equals(Address other) =>
        other is not null && Protocol == other.Protocol && System == other.System && Host == other.Host && Port == other.Port;

    /// <inheritdoc/>
    public override bool Equals(object obj) => Equals(obj as Address);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Protocol, System, Host, Port);

    /// <summary>The address as a URI, such as <c>akka://bus</c>.</summary>
    /// <returns>The text.</returns>
    public override string ToString() =>
        Host is null ? $"{Protocol}://{System}" : $"{Protocol}://{System}@{Host}{(Port is int port ? ":" + port : "")}";
}
