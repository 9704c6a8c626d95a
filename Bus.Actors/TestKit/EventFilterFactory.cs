#nullable disable

using System.Text.RegularExpressions;

namespace Bus.Actors.TestKit;

/// <summary>
/// Makes filters for log events and dead letters. Texts narrow a filter: <c>message</c> is the whole text, <c>start</c> and <c>contains</c> parts of it,
/// <c>source</c> the path of the actor that logged (with or without the address); a null matches everything.
/// </summary>
public sealed class EventFilterFactory
{
    private readonly ActorSystem _system;
    private readonly EventMatcher[] _matchers;

    internal EventFilterFactory(ActorSystem system, params EventMatcher[] matchers)
    {
        _system = system;
        _matchers = matchers;
    }

    /// <summary>Errors whose cause is a <typeparamref name="TException"/> or derived from it.</summary>
    public IEventFilterApplier Exception<TException>(string message = null, string start = null, string contains = null, string source = null)
        where TException : Exception => Exception(typeof(TException), message, start, contains, source);

    /// <summary>Errors whose cause is a <typeparamref name="TException"/> or derived from it, with a text that matches.</summary>
    public IEventFilterApplier Exception<TException>(Regex pattern, string source = null)
        where TException : Exception => Add(EventMatcher.Error(typeof(TException), TextMatch.Of(pattern), source));

    /// <summary>Errors whose cause is of a type or derived from it.</summary>
    public IEventFilterApplier Exception(Type exceptionType, string message = null, string start = null, string contains = null, string source = null, bool checkInnerExceptions = false) =>
        Add(EventMatcher.Error(exceptionType, TextMatch.Of(message, start, contains), source, checkInnerExceptions));

    /// <summary>Errors.</summary>
    public IEventFilterApplier Error(string message = null, string start = null, string contains = null, string source = null) =>
        Add(EventMatcher.Error(null, TextMatch.Of(message, start, contains), source));

    /// <summary>Warnings.</summary>
    public IEventFilterApplier Warning(string message = null, string start = null, string contains = null, string source = null) =>
        Add(EventMatcher.Level<Warning>(TextMatch.Of(message, start, contains), source));

    /// <summary>Informational events.</summary>
    public IEventFilterApplier Info(string message = null, string start = null, string contains = null, string source = null) =>
        Add(EventMatcher.Level<Info>(TextMatch.Of(message, start, contains), source));

    /// <summary>Log events for which the predicate holds.</summary>
    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Add(new EventMatcher("a log event of a predicate", e => e is LogEvent log && predicate(log)));

    /// <summary>Dead letters.</summary>
    public IEventFilterApplier DeadLetter() => Add(EventMatcher.DeadLetter(typeof(object), static _ => true, null));

    /// <summary>Dead letters that hold a <typeparamref name="TMessage"/>; source is the path of the recipient.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(string source = null) => Add(EventMatcher.DeadLetter(typeof(TMessage), static _ => true, source));

    /// <summary>Dead letters that hold a <typeparamref name="TMessage"/> for which the predicate holds; source is the path of the recipient.</summary>
    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string source = null) =>
        Add(EventMatcher.DeadLetter(typeof(TMessage), message => isMatch((TMessage)message), source));

    private EventFilterApplier Add(EventMatcher matcher) => new(_system, [.. _matchers, matcher]);
}
