using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Bus.Transport.Endpoints;

/// <summary>
/// Where a bus listens: <c>unix:///absolute/path</c> (or <c>unix:/absolute/path</c>) or <c>tcp://host:port</c> (port 4222 when left out, IPv6 addresses in
/// brackets). Paths are taken as they are, without percent-decoding. Immutable.
/// </summary>
public sealed record BusEndpoint
{
    /// <summary>The TCP port when a URL names none.</summary>
    public const int DefaultPort = 4222;

    internal BusEndpoint(string path)
    {
        Scheme = BusScheme.Unix;
        Path = path;
    }

    internal BusEndpoint(string host, int port)
    {
        Scheme = BusScheme.Tcp;
        Host = host;
        Port = port;
    }

    /// <summary>How the endpoint is reached.</summary>
    public BusScheme Scheme { get; }

    /// <summary>The absolute path of a Unix socket; null for TCP.</summary>
    public string? Path { get; }

    /// <summary>The host name or address of TCP, IPv6 without brackets; null for a Unix socket.</summary>
    public string? Host { get; }

    /// <summary>The port of TCP, 0 for "any free one" when listening; null for a Unix socket.</summary>
    public int? Port { get; }

    /// <summary>
    /// The user's own bus, for servers and clients that were given no URL: environment variable <c>IPCBUS_URL</c> if set; else the socket <c>ipcbus.sock</c> in
    /// <c>$XDG_RUNTIME_DIR</c> if that is a private directory of this user; else in <c>/tmp/ipcbus-&lt;uid&gt;</c>. On Windows <c>tcp://127.0.0.1:4222</c>.
    /// </summary>
    /// <exception cref="FormatException"><c>IPCBUS_URL</c> is set but is no valid URL.</exception>
    public static BusEndpoint Default => DefaultEndpoint.Choose(Environment.GetEnvironmentVariable);

    /// <summary>Reads a URL.</summary>
    /// <param name="url">The URL.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="FormatException">It is none that this version understands; the message names the part that is wrong and what is accepted.</exception>
    public static BusEndpoint Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return TryParse(url, out var endpoint, out var error) ? endpoint : throw new FormatException(error);
    }

    /// <summary>Reads a URL without throwing.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>Whether it is one that this version understands.</returns>
    public static bool TryParse([NotNullWhen(true)] string? url, [NotNullWhen(true)] out BusEndpoint? endpoint) => TryParse(url, out endpoint, out _);

    /// <summary>Reads a URL without throwing.</summary>
    /// <param name="url">The URL.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="error">Which part is wrong, and what is accepted.</param>
    /// <returns>Whether it is one that this version understands.</returns>
    public static bool TryParse([NotNullWhen(true)] string? url, [NotNullWhen(true)] out BusEndpoint? endpoint, [NotNullWhen(false)] out string? error)
    {
        endpoint = EndpointUrl.Parse(url ?? "", out error);
        if (endpoint is not null) error = null;
        else error ??= "";
        return endpoint is not null;
    }

    /// <summary>The URL.</summary>
    /// <returns>A URL that <see cref="Parse"/> reads as this endpoint.</returns>
    public override string ToString() => Scheme == BusScheme.Unix
        ? $"unix://{Path}"
        : string.Create(CultureInfo.InvariantCulture, $"tcp://{(Host!.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
