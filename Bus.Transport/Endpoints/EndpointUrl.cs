using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Bus.Transport.Endpoints;

/// <summary>Reads endpoint URLs. Errors name the URL, the part that is wrong and what is accepted.</summary>
internal static class EndpointUrl
{
    private const string Accepted = "Accepted are unix:///absolute/path, tcp://host:port, pipe://name, these three with json+ before them for JSON lines, and a bare name, which is a socket in your own directory.";

    private static readonly SearchValues<char> NotInAuthority = SearchValues.Create("/?# \t\r\n");

    private static readonly string[] PlannedSchemes = ["tls", "json+tls"];

    /// <summary>The endpoint, or null and the error.</summary>
    public static BusEndpoint? Parse(string url, Func<string, string?> environment, out string? error)
    {
        error = null;
        if (url.Length == 0) return Fail("The endpoint URL is empty.", Accepted, out error);

        if (url == DefaultEndpoint.Keyword) return DefaultEndpoint.TryChoose(environment, out var chosen, out error) ? chosen : null;

        var colon = url.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0) return Named(url, environment, out error);
        var scheme = url[..colon];
        if (scheme.Length == 0 || !scheme.All(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '-' or '.') || !char.IsAsciiLetter(scheme[0]) || IsHostAndPort(url, colon))
        {
            var meant = url[0] == '/' ? $"Did you mean unix://{url}?" : $"Did you mean tcp://{url}?";
            return Fail($"The endpoint '{url}' has no scheme.", $"{meant} {Accepted}", out error);
        }

        var rest = url[(colon + 1)..];
        var known = scheme.ToLowerInvariant();
        var isJson = known.StartsWith(BusEndpoint.JsonPrefix, StringComparison.Ordinal);
        var found = (isJson ? known[BusEndpoint.JsonPrefix.Length..] : known) switch
        {
            "unix" => Unix(url, rest, out error),
            "pipe" => Pipe(url, rest, environment, out error),
            "tcp" => Tcp(Redact(url), rest, isJson ? BusEndpoint.DefaultJsonPort : BusEndpoint.DefaultPort, out error),
            _ => null,
        };
        if (found is not null || error is not null) return isJson && found is not null ? found with { Protocol = BusProtocol.JsonLines } : found;

        var shown = Redact(url);
        if (PlannedSchemes.Contains(known)) return Fail($"The scheme '{scheme}' of '{shown}' is not supported by this version.", Accepted, out error);
        var hint = known == "nats" ? $"Write tcp{shown["nats".Length..]}; the protocol is that of NATS. " : "";
        return Fail($"The scheme '{scheme}' of '{shown}' is unknown.", hint + Accepted, out error);
    }

    // "localhost:4222" reads like a scheme; digits to the end tell that it is a host.
    private static bool IsHostAndPort(string url, int colon) => colon + 1 < url.Length && url[(colon + 1)..].All(char.IsAsciiDigit);

    private static BusEndpoint? Named(string text, Func<string, string?> environment, out string? error)
    {
        if (text[0] == '/') return Fail($"The endpoint '{text}' has no scheme.", $"Did you mean unix://{text}? {Accepted}", out error);
        if (text[0] == '\\') return Fail($"The endpoint '{text}' has no scheme.", $"A pipe is written pipe://name, without '\\\\.\\pipe\\'. {Accepted}", out error);
        if (text == "localhost" || (text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out _))) return Fail($"The endpoint '{text}' has no scheme.", $"Did you mean tcp://{text}? {Accepted}", out error);
        if (!EndpointName.TryParse(text, out var name, out var problem)) return Fail($"The endpoint '{text}' is neither a URL nor a name: {problem}.", $"{EndpointName.Rule} {Accepted}", out error);
        if (name.Name.EndsWith(".sock", StringComparison.Ordinal)) return Fail($"The name '{text}' ends in '.sock', which is added by itself.", $"Write {text[..^".sock".Length]}, or unix:///absolute/path for a file elsewhere.", out error);
        return DefaultEndpoint.TryName(name, environment, out var endpoint, out error) ? endpoint : null;
    }

    private static BusEndpoint? Pipe(string url, string rest, Func<string, string?> environment, out string? error)
    {
        var text = rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..] : rest;
        if (!EndpointName.TryParse(text, out var name, out var problem)) return Fail($"The pipe '{url}' has no valid name: {problem}.", $"Write pipe://name. {EndpointName.Rule}", out error);
        return DefaultEndpoint.TryPipe(name, environment, out var endpoint, out error) ? endpoint : null;
    }

    private static BusEndpoint? Unix(string url, string rest, out string? error)
    {
        error = null;
        var path = rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..] : rest;
        if (path.Length == 0) return Fail($"The path of '{url}' is missing.", "Write unix:///absolute/path.", out error);
        if (path[0] != '/') return Fail($"The path '{path}' of '{url}' is not absolute.", "Write unix:///absolute/path, with three slashes, or a bare name for a socket in your own directory.", out error);
        if (path[^1] == '/') return Fail($"The path '{path}' of '{url}' names a directory.", "Add the name of the socket file.", out error);
        if (path.Contains('\0', StringComparison.Ordinal)) return Fail($"The path of '{url.Replace('\0', '?')}' has a NUL character in it.", "Remove it.", out error);
        return new BusEndpoint(path);
    }

    private static BusEndpoint? Tcp(string url, string rest, int defaultPort, out string? error)
    {
        const string Form = "Write tcp://host:port, an IPv6 address in brackets: tcp://[::1]:4222.";
        error = null;
        if (!rest.StartsWith("//", StringComparison.Ordinal)) return Fail($"'{url}' lacks the two slashes behind 'tcp:'.", Form, out error);

        var authority = rest[2..].TrimEnd('/');
        if (authority.Contains('@', StringComparison.Ordinal)) return Fail($"'{url}' has a user or token in it, which is not supported by this version.", Form, out error);
        if (authority.AsSpan().ContainsAny(NotInAuthority)) return Fail($"'{url}' has more than a host and a port in it.", Form, out error);

        string host;
        string after;
        if (authority.StartsWith('['))
        {
            var bracket = authority.IndexOf(']', StringComparison.Ordinal);
            if (bracket < 0) return Fail($"The bracket in '{url}' is not closed.", Form, out error);
            host = authority[1..bracket];
            after = authority[(bracket + 1)..];
            if (!IPAddress.TryParse(host, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6) return Fail($"'{host}' in '{url}' is no IPv6 address.", Form, out error);
            if (after.Length > 0 && after[0] != ':') return Fail($"'{after}' behind the address in '{url}' is no port.", Form, out error);
        }
        else
        {
            var colon = authority.IndexOf(':', StringComparison.Ordinal);
            host = colon < 0 ? authority : authority[..colon];
            after = colon < 0 ? "" : authority[colon..];
            if (after.Count(c => c == ':') > 1) return Fail($"'{url}' has an IPv6 address without brackets, or two ports.", Form, out error);
            if (host.Length == 0) return Fail($"The host of '{url}' is missing.", $"{Form} To listen on all addresses: tcp://0.0.0.0:4222.", out error);
            if (Uri.CheckHostName(host) is UriHostNameType.Unknown) return Fail($"The host '{host}' of '{url}' is neither a name nor an address.", Form, out error);
        }

        if (after.Length == 0) return new BusEndpoint(host, defaultPort);
        if (!int.TryParse(after.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port > ushort.MaxValue)
        {
            return Fail($"The port '{after[1..]}' of '{url}' is not a number from 0 to 65535.", Form, out error);
        }

        return new BusEndpoint(host, port);
    }

    // Error texts end up in logs, passwords must not.
    private static string Redact(string url)
    {
        var at = url.LastIndexOf('@');
        var slashes = url.IndexOf("//", StringComparison.Ordinal);
        return at < 0 || slashes < 0 || slashes > at ? url : string.Concat(url.AsSpan(0, slashes + 2), "***", url.AsSpan(at));
    }

    private static BusEndpoint? Fail(string what, string remedy, out string? error)
    {
        error = $"{what} {remedy}";
        return null;
    }
}
