using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Bus.Cli.Commands;

/// <summary>An option that is a time: <c>500ms</c>, <c>2s</c>, <c>1m</c>, <c>1h</c>, or a number of seconds.</summary>
/// <remarks>Without a default of the parser's: the help would show it as 00:00:05, which is none of these.</remarks>
internal sealed class TimeOption : Option<TimeSpan?>
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private readonly TimeSpan _standard;

    public TimeOption(string name, string description, TimeSpan standard, string zero = "not at all")
        : base(name)
    {
        _standard = standard;
        Description = $"{description}; as 500ms, 2s, 1m, 1h, or a number of seconds. Default: {(standard == TimeSpan.Zero ? zero : Text(standard))}";
        HelpName = "time";
        CustomParser = result => Parse(result);
    }

    /// <summary>The word <c>never</c> is a time too, and an infinite one.</summary>
    public bool MayBeNever { get; init; }

    /// <summary>The longest that is allowed. Default: a day.</summary>
    public TimeSpan Most { get; init; } = Day;

    /// <summary>The shortest. Default: whatever is more than zero.</summary>
    public TimeSpan Least { get; init; } = TimeSpan.FromTicks(1);

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
        if (decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value <= (decimal)Day.Ticks / unit && (long)(value * unit) is > 0 and var ticks)
        {
            if (ticks > Most.Ticks) result.AddError($"'{text}' is too long for {Name}: {Text(Most)} or less.");
            else if (ticks < Least.Ticks) result.AddError($"'{text}' is too short for {Name}: {Text(Least)} or more.");
            return TimeSpan.FromTicks(ticks);
        }

        result.AddError($"'{text}' is not a time for {Name}: write 500ms, 2s, 1m, 1h, {(MayBeNever ? "a number of seconds, or never" : "or a number of seconds")}; more than zero and at most {(Most == Day ? "a day" : Text(Most))}.");
        return null;
    }

    private static string Text(TimeSpan time) => time < TimeSpan.FromSeconds(1) ? $"{time.TotalMilliseconds:0.###}ms" : time < TimeSpan.FromMinutes(1) ? $"{time.TotalSeconds:0.###}s" : $"{time.TotalMinutes:0.###}m";
}
