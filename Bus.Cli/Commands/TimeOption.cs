using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Bus.Cli.Commands;

/// <summary>An option that is a time: <c>500ms</c>, <c>2s</c>, <c>1m</c>, <c>1h</c>, or a number of seconds.</summary>
/// <remarks>Without a default of the parser's: the help would show it as 00:00:05, which is none of these.</remarks>
internal sealed class TimeOption : Option<TimeSpan?>
{
    private static readonly TimeSpan Most = TimeSpan.FromDays(1);
    private readonly TimeSpan _standard;

    public TimeOption(string name, string description, TimeSpan standard, string zero = "not at all")
        : base(name)
    {
        _standard = standard;
        Description = $"{description}: 500ms, 2s, 1m, 1h, or a number of seconds. Default: {(standard == TimeSpan.Zero ? zero : $"{standard.TotalSeconds:0.###}s")}";
        HelpName = "time";
        CustomParser = result => Parse(result);
    }

    /// <summary>The word <c>never</c> is a time too, and an infinite one.</summary>
    public bool MayBeNever { get; init; }

    /// <summary>What was given, or else the default.</summary>
    public TimeSpan Of(ParseResult parsed) => parsed.GetValue(this) ?? _standard;

    private TimeSpan? Parse(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (MayBeNever && text == "never") return Timeout.InfiniteTimeSpan;
        var (number, unit) = text switch
        {
            [.. var head, 'm', 's'] => (head, TimeSpan.TicksPerMillisecond),
            [.. var head, 's'] => (head, TimeSpan.TicksPerSecond),
            [.. var head, 'm'] => (head, TimeSpan.TicksPerMinute),
            [.. var head, 'h'] => (head, TimeSpan.TicksPerHour),
            _ => (text, TimeSpan.TicksPerSecond),
        };
        // Compared before it is multiplied: a decimal overflows with an exception, and knows no NaN.
        if (decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= (decimal)Most.Ticks / unit && (long)(value * unit) is > 0 and var ticks)
            return TimeSpan.FromTicks(ticks);
        result.AddError($"'{text}' is not a time for {Name}: write 500ms, 2s, 1m, 1h, or a number of seconds; more than zero and at most a day.");
        return null;
    }
}
