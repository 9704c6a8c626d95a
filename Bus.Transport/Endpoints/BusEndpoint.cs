using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Bus.Transport.Endpoints;

/// <summary>
/// Where a bus listens: <c>unix:///absolute/path</c> (or <c>unix:/absolute/path</c>), <c>tcp://host:port</c> (port 4222 when left out, IPv6 addresses in
/// brackets) or <c>pipe://name</c>; with <c>json+</c> before it, such as <c>json+unix:///absolute/path</c>, for clients that speak JSON lines (port 4223 when left out). A bare name, <c>orders</c> or with a domain <c>shop/orders</c>, is a socket in the user's own directory (<c>orders.sock</c>,
/// <c>shop@orders.sock</c>), on Windows a pipe of this user; <c>default</c> is <see cref="Default"/>. Paths are taken as they are, without percent-decoding. Immutable.
/// </summary>
public sealed record BusEndpoint
{
    /// <summary>The TCP port when a URL names none.</summary>
    public const int DefaultPort = 4222;

    /// <summary>The TCP port when a URL names none, and begins with <c>json+</c>.</summary>
    public const int DefaultJsonPort = 4223;

    internal const string JsonPrefix = "json+";

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

    /// <summary>A pipe.</summary>
    internal BusEndpoint(EndpointName name, string? path)
    {
        Scheme = BusScheme.Pipe;
        Pipe = name;
        Path = path;
    }

    /// <summary>How the endpoint is reached.</summary>
    public BusScheme Scheme { get; }

    /// <summary>What clients speak there.</summary>
    public BusProtocol Protocol { get; internal init; }

    /// <summary>The absolute path of a Unix socket, or of the one that a pipe is mapped to where the system is not Windows; null for TCP.</summary>
    public string? Path { get; }

    /// <summary>The host name or address of TCP, IPv6 without brackets; null unless it is TCP.</summary>
    public string? Host { get; }

    /// <summary>The port of TCP, 0 for "any free one" when listening; null unless it is TCP.</summary>
    public int? Port { get; }

    /// <summary>The name of a pipe, with its domain if it has one: <c>orders</c>, <c>shop/orders</c>; null for other endpoints.</summary>
    public string? PipeName => Pipe?.ToString();

    internal EndpointName? Pipe { get; }

    /// <summary>
    /// The user's own bus, for servers and clients that were given no URL: environment variable <c>IPCBUS_URL</c> if set; else the socket <c>ipcbus.sock</c> in the
    /// user's own directory, which is <c>$IPCBUS_DIR</c> if set; else <c>$XDG_RUNTIME_DIR</c> if that is private to this user; else <c>/tmp/ipcbus-&lt;uid&gt;</c>.
    /// On Windows it is the pipe <c>&lt;user&gt;/ipcbus</c>.
    /// </summary>
    /// <exception cref="FormatException"><c>IPCBUS_URL</c> or <c>IPCBUS_DIR</c> is set and not valid.</exception>
    public static BusEndpoint Default => DefaultEndpoint.TryChoose(Environment.GetEnvironmentVariable, out var endpoint, out var error) ? endpoint : throw new FormatException(error);

    /// <summary>Reads a URL or a name.</summary>
    /// <param name="url">The URL, or a name.</param>
    /// <returns>The endpoint.</returns>
    /// <exception cref="FormatException">It is none that this version understands; the message names the part that is wrong and what is accepted.</exception>
    public static BusEndpoint Parse(string url)
    {
        ArgumentNullException.ThrowIfNull(url);
        return TryParse(url, out var endpoint, out var error) ? endpoint : throw new FormatException(error);
    }

    /// <summary>Reads a URL or a name; names and pipes are in this directory instead of the user's own. Tests and containers use it.</summary>
    /// <param name="url">The URL, or a name.</param>
    /// <param name="directory">The absolute path of the directory. It is created for this user alone when it is missing. Windows, whose pipes are in none, ignores it.</param>
    /// <returns>The endpoint. <see cref="ToString"/> tells a pipe by its name only: it is read again with the same directory.</returns>
    /// <exception cref="ArgumentException">The directory is not an absolute path.</exception>
    /// <exception cref="FormatException">The URL is none that this version understands; the message names the part that is wrong and what is accepted.</exception>
    public static BusEndpoint Parse(string url, string directory)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(directory);
        if (!System.IO.Path.IsPathFullyQualified(directory)) throw new ArgumentException($"The directory '{directory}' is not absolute. Write its whole path.", nameof(directory));
        return EndpointUrl.Parse(url, name => name == DefaultEndpoint.DirectoryVariable ? directory : Environment.GetEnvironmentVariable(name), out var error) ?? throw new FormatException(error);
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
        endpoint = EndpointUrl.Parse(url ?? "", Environment.GetEnvironmentVariable, out error);
        if (endpoint is not null) error = null;
        else error ??= "";
        return endpoint is not null;
    }

    /// <summary>The URL.</summary>
    /// <returns>A URL that <see cref="Parse(string)"/> reads as this endpoint.</returns>
    public override string ToString() => (Protocol == BusProtocol.JsonLines ? JsonPrefix : "") + Scheme switch
    {
        BusScheme.Unix => $"unix://{Path}",
        BusScheme.Pipe => $"pipe://{Pipe}",
        _ => string.Create(CultureInfo.InvariantCulture, $"tcp://{(Host!.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}"),
    };
}
