using System.CommandLine;
using Bus.Cli.Execution;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

namespace Bus.Cli.Commands;

/// <summary>The options that tell a client which bus to talk to.</summary>
internal sealed class BusOptions
{
    private readonly Option<string?> _url = CommonOptions.Url();
    private readonly TimeOption _connect = new("--connect-timeout", "How long connecting may take", new BusClientOptions().ConnectTimeout);

    private readonly TimeOption _wait = new("--wait", "How long to wait for a bus that is not there yet", TimeSpan.Zero);

    private readonly Option<FileInfo> _token = TokenFile.Option("Show the token in this file to a bus that asks for one");

    public IEnumerable<Option> All => [_url, _connect, _wait, _token];

    /// <exception cref="FormatException">IPCBUS_URL is not valid.</exception>
    public BusEndpoint Endpoint(ParseResult parsed) => parsed.GetValue(_url) is { } url ? BusEndpoint.Parse(url) : BusEndpoint.Default;

    public TimeSpan ConnectTimeout(ParseResult parsed) => _connect.Of(parsed);

    /// <param name="parsed">The command line.</param>
    /// <param name="command">The name of the command, by which the bus knows us.</param>
    /// <param name="cancellationToken">The interruption.</param>
    /// <param name="patience">What a command has that waits no longer, connecting included; none: no limit but the option's.</param>
    /// <param name="configure">Changes what is usual.</param>
    public Task<BusSession> OpenAsync(ParseResult parsed, string command, CancellationToken cancellationToken, TimeSpan? patience = null, Func<BusClientOptions, BusClientOptions>? configure = null)
    {
        var limit = ConnectTimeout(parsed);
        return BusSession.OpenAsync(Endpoint(parsed), command, patience < limit ? patience.Value : limit, cancellationToken, options => Configure(options with { WaitForBus = _wait.Of(parsed), Token = TokenFile.Read(parsed, _token) }));

        BusClientOptions Configure(BusClientOptions options) => configure?.Invoke(options) ?? options;
    }

    /// <summary>Waits for the bus as long as --wait says; not at all without it.</summary>
    public async Task WaitAsync(ParseResult parsed, string command, CancellationToken cancellationToken)
    {
        if (_wait.Of(parsed) == TimeSpan.Zero) return;
        await using var session = await OpenAsync(parsed, command, cancellationToken);
    }
}
