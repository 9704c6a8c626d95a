using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Bus.Core.Client;

namespace Bus.Cli.Commands;

/// <summary>What a subscription of the command line buffers, and what becomes of what does not fit: <c>--buffer</c> and <c>--when-full</c>.</summary>
internal sealed class BufferOptions
{
    private const int Standard = 16 * 1024;

    private static readonly (string Name, SubscriptionOverflow Policy)[] Policies =
    [
        ("block", SubscriptionOverflow.Block), ("drop-oldest", SubscriptionOverflow.DropOldest), ("drop-newest", SubscriptionOverflow.DropNewest),
        ("latest-per-topic", SubscriptionOverflow.LatestPerTopic), ("disconnect", SubscriptionOverflow.Disconnect),
    ];

    private readonly Option<int?> _buffer = new("--buffer")
    {
        Description = $"Messages that may wait to be printed. Default: {Standard:N0}", HelpName = "n", CustomParser = ParseBuffer,
    };

    private readonly Option<SubscriptionOverflow?> _whenFull = new("--when-full")
    {
        Description = $"What happens when so many wait: {string.Join(", ", Policies.Select(p => p.Name))} (end with an error). Default: block", HelpName = "policy", CustomParser = ParsePolicy,
    };

    public IEnumerable<Option> All => [_buffer, _whenFull];

    public SubscriptionOptions Read(ParseResult parsed) => new() { Capacity = parsed.GetValue(_buffer) ?? Standard, WhenFull = parsed.GetValue(_whenFull) ?? SubscriptionOverflow.Block };

    private static int? ParseBuffer(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0) return count;
        result.AddError($"'{text}' is not a number of messages for --buffer: 1 to {int.MaxValue:N0}.");
        return Standard;
    }

    private static SubscriptionOverflow? ParsePolicy(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        foreach (var (name, policy) in Policies)
        {
            if (name == text) return policy;
        }

        result.AddError($"'{text}' is not a policy for --when-full: {string.Join(", ", Policies.Select(p => p.Name))}.");
        return default;
    }
}
