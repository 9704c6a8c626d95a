#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>Which events of the event stream a filter is about.</summary>
internal sealed record EventMatcher(string Description, Predicate<object> Matches)
{
    public static EventMatcher Error(Type exceptionType, TextMatch text, string source, bool checkInner = false) =>
        new(
            $"{(exceptionType is null ? "an error" : $"an error caused by {exceptionType}")}{text.Description}{From(source)}",
            e => e is Error error && IsSource(source, error.LogSource) && IsError(error, error.Cause, exceptionType, text, checkInner));

    public static EventMatcher Level<TEvent>(TextMatch text, string source)
        where TEvent : LogEvent =>
        new($"{typeof(TEvent).Name}{text.Description}{From(source)}", e => e is TEvent log && IsSource(source, log.LogSource) && text.Matches($"{log.Message}"));

    public static EventMatcher DeadLetter(Type type, Predicate<object> isMatch, string source) =>
        new(
            $"a dead letter with a {type}{From(source)}",
            e => e is DeadLetter dead && type.IsInstanceOfType(dead.Message) && IsSource(source, $"{dead.Recipient?.Path}") && isMatch(dead.Message));

    private static bool IsError(Error error, Exception cause, Type exceptionType, TextMatch text, bool checkInner)
    {
        if (cause is null) return exceptionType is null && text.Matches($"{error.Message}");
        if (exceptionType is null || exceptionType.IsInstanceOfType(cause))
        {
            if (text.Matches($"{error.Message}") || text.Matches(cause.Message)) return true;
        }

        return checkInner && cause.InnerException is { } inner && IsError(error, inner, exceptionType, text, true);
    }

    /// <summary>The source may be given with or without the address, "akka://test/user/a" or "/user/a".</summary>
    private static bool IsSource(string wanted, string source)
    {
        if (wanted is null || wanted == source) return true;
        return source is not null && Uri.TryCreate(source, UriKind.Absolute, out var uri) && uri.AbsolutePath == wanted;
    }

    private static string From(string source) => source is null ? "" : $" from {source}";
}
