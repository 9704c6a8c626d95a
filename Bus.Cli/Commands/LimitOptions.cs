using System.CommandLine;
using System.Globalization;
using Bus.Cli.Execution;
using Bus.Core;
using Bus.Transport.Connections;

namespace Bus.Cli.Commands;

/// <summary>The limits of <c>ipcbus serve</c>: options that become <see cref="ConnectionOptions"/>.</summary>
internal sealed class LimitOptions
{
    private const long MaxSize = 1L << 40;
    private static readonly ConnectionOptions Standard = new();
    private static readonly RetainedOptions StandardRetained = new();

    private readonly Option<long?> _payload = Size("--max-payload", "Largest message, headers and payload together", ConnectionOptions.LargestMaxPayload, ByteSize.Text(Standard.MaxPayload));
    private readonly Option<long?> _connections = Number("--max-connections", "Connections at the same time, over all endpoints", Standard.MaxConnections);
    private readonly Option<long?> _subscriptions = Number("--max-subscriptions", "Subscriptions of one connection", Standard.MaxSubscriptions);
    private readonly Option<long?> _pending = Size("--max-pending", "What may wait to be sent to one connection; twice --max-payload or more", MaxSize, $"{ByteSize.Text(Standard.MaxPending)}, or twice --max-payload if that is more");
    private readonly Option<long?> _window = Size("--publish-window", "What one connection may have on its way to others before it is not read from any more", MaxSize, ByteSize.Text(Standard.PublishWindow));
    private readonly TimeOption _stall = new("--stall-budget", $"How long a slow connection may hold publishers back in any {Standard.StallWindow.TotalSeconds:0} s before it is closed", Standard.StallBudget) { Most = Standard.StallWindow };
    private readonly Option<long?> _pingsOut = Number("--max-pings-out", "How many PINGs a connection may leave unanswered before it is closed", Standard.MaxPingsOut);
    private readonly Option<long?> _retained = Number("--max-retained", "Last values of topics that are kept", StandardRetained.MaxValues, least: 0);
    private readonly Option<long?> _retainedBytes = Size("--max-retained-bytes", "What these have together", MaxSize, ByteSize.Text(StandardRetained.MaxBytes));
    private readonly TimeOption _ping = new("--ping-interval", $"How often a silent connection is asked whether it is there; after --max-pings-out times without an answer it is closed", Standard.PingInterval);

    public IEnumerable<Option> All => [_payload, _connections, _subscriptions, _pending, _window, _stall, _ping, _pingsOut, _retained, _retainedBytes];

    /// <exception cref="UsageException">Two limits do not go together.</exception>
    public ConnectionOptions Read(ParseResult parsed)
    {
        var payload = parsed.GetValue(_payload) ?? Standard.MaxPayload;
        var least = 2 * payload;
        var pending = parsed.GetValue(_pending) ?? Math.Max(Standard.MaxPending, least);
        if (pending < least) throw new UsageException($"--max-pending {ByteSize.Text(pending)} is too small: {ByteSize.Text(least)} or more, which is twice --max-payload.");
        return Standard with
        {
            MaxPayload = (int)payload,
            MaxConnections = (int)(parsed.GetValue(_connections) ?? Standard.MaxConnections),
            MaxSubscriptions = (int)(parsed.GetValue(_subscriptions) ?? Standard.MaxSubscriptions),
            MaxPending = pending,
            PublishWindow = parsed.GetValue(_window) ?? Standard.PublishWindow,
            StallBudget = _stall.Of(parsed),
            PingInterval = _ping.Of(parsed),
            MaxPingsOut = (int)(parsed.GetValue(_pingsOut) ?? Standard.MaxPingsOut),
        };
    }

    public RetainedOptions ReadRetained(ParseResult parsed) => new()
    {
        MaxValues = (int)(parsed.GetValue(_retained) ?? StandardRetained.MaxValues),
        MaxBytes = parsed.GetValue(_retainedBytes) ?? StandardRetained.MaxBytes,
    };

    // Without a default of the parser's: it would be shown as a bare number.
    private static Option<long?> Size(string name, string description, long most, string standard) => new(name)
    {
        Description = $"{description}. Default: {standard}",
        HelpName = "size",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (!ByteSize.TryParse(text, out var bytes)) result.AddError($"'{text}' is not a size for {name}: write a number of bytes, or one with KiB, MiB or GiB behind it, such as 8MiB.");
            else if (bytes < 1 || bytes > most) result.AddError($"'{text}' is out of range for {name}: 1 byte to {ByteSize.Text(most)}.");
            return bytes;
        },
    };

    private static Option<long?> Number(string name, string description, int standard, int least = 1) => new(name)
    {
        Description = $"{description}. Default: {standard:N0}",
        HelpName = "n",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least) result.AddError($"'{text}' is out of range for {name}: {least} to {int.MaxValue:N0}.");
            return number;
        },
    };
}
