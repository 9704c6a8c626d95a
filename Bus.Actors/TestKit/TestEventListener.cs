using System.Runtime.CompilerServices;

namespace Bus.Actors.TestKit;

/// <summary>
/// Hears the log events, dead letters and unhandled messages of a system, on the thread that publishes them. What no filter takes and is an error
/// is kept for the text of a failing expectation.
/// </summary>
internal sealed class TestEventListener : InternalActorRef
{
    private const int KeptErrors = 20;

    private static readonly ConditionalWeakTable<ActorSystem, TestEventListener> Listeners = [];

    private readonly Lock _gate = new();
    private readonly Queue<Error> _errors = new();
    private readonly List<ActiveFilter> _filters = [];

    private TestEventListener(ActorSystemImpl system)
        : base(system)
    {
        Path = system.RootPath.Child("testEventListener");
        foreach (var channel in (Type[])[typeof(LogEvent), typeof(DeadLetter), typeof(UnhandledMessage)]) system.EventStream.Subscribe(this, channel);
    }

    public override ActorPath Path { get; }

    /// <summary>The one listener of a system.</summary>
    public static TestEventListener For(ActorSystem system) => Listeners.GetValue(system, static s => new TestEventListener((ActorSystemImpl)s));

    public override void Tell(object message, IActorRef? sender)
    {
        lock (_gate)
        {
            if (_filters.Exists(filter => filter.Take(message)) || message is not Error error) return;
            if (_errors.Count == KeptErrors) _errors.Dequeue();
            _errors.Enqueue(error);
        }
    }

    public ActiveFilter Start(EventMatcher[] matchers)
    {
        var filter = new ActiveFilter(this, matchers);
        lock (_gate) _filters.Add(filter);
        return filter;
    }

    public void End(ActiveFilter filter)
    {
        lock (_gate) _filters.Remove(filter);
    }

    /// <summary>The unexpected errors so far, as the end of a failure text; empty if there were none.</summary>
    public string Describe()
    {
        lock (_gate)
        {
            if (_errors.Count == 0) return "";
            return $"{Environment.NewLine}Errors logged in {Owner.Name}:{Environment.NewLine}{string.Join(Environment.NewLine, _errors.Select(Format))}";
        }
    }

    private static string Format(Error error) => $"  {error.LogSource}: {error.Message} {error.Cause}";
}
