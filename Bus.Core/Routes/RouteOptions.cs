using System.Text;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Routes;

/// <summary>How a router is called.</summary>
public sealed record RouteOptions
{
    /// <summary>Added to the query of the path; encoded by itself. Default: nothing.</summary>
    public IEnumerable<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Sent along with the request. Default: none.</summary>
    public BusHeaders? Headers { get; init; }

    /// <summary>How long to wait for the answer, within what the call that it is made in has left. Default: null, as the bus has it, which is 5 seconds unless its options say otherwise.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether it does no harm when it is carried out although the answer is lost: see <see cref="RequestOptions.SafeToRetry"/>. Default: false.</summary>
    public bool SafeToRetry { get; init; }

    /// <summary>Of GET requests: how old an answer may be that an earlier equal request has brought, as <see cref="Rpc.ServiceCallOptions.CacheFor"/>. Default: null, the request is made.</summary>
    public TimeSpan? CacheFor { get; init; }

    /// <summary>Whether it fails at once while there is no connection. Default: false, it waits for the connection within its timeout.</summary>
    public bool FailFast { get; init; }

    /// <summary>The headers of a request.</summary>
    /// <param name="options">Null: as usual.</param>
    /// <param name="verb">The verb.</param>
    /// <param name="path">The path, perhaps with a query.</param>
    /// <exception cref="ArgumentException">Verb or path is not valid.</exception>
    internal static BusHeaders ToHeaders(RouteOptions? options, string verb, string path)
    {
        var headers = new BusHeaders();
        foreach (var (name, value) in options?.Headers ?? []) headers.Add(name, value);
        headers[RouteHeaders.Method] = RouteRequest.CheckVerb(verb);
        headers[RouteHeaders.Path] = Target(path, options?.Query ?? []);
        return headers;
    }

    private static string Target(string path, IEnumerable<KeyValuePair<string, string>> query)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.StartsWith('/')) throw new ArgumentException($"The path '{path}' does not begin with a slash: write '/{path}'.", nameof(path));
        var target = new StringBuilder(path.Length);
        // What has no place in a header, such as blanks and line breaks; what is encoded already stays as it is.
        foreach (var rune in path.EnumerateRunes())
        {
            if (rune.Value is > ' ' and < 0x7F) target.Append((char)rune.Value);
            else target.Append(Uri.EscapeDataString(rune.ToString()));
        }

        var separator = path.Contains('?') ? '&' : '?';
        foreach (var (name, value) in query)
        {
            target.Append(separator).Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
            separator = '&';
        }

        return target.ToString();
    }
}
