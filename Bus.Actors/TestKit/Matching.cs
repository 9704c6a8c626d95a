#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>The ways a test can say which message it expects.</summary>
internal static class Matching
{
    public static Mismatch<T> Any<T>() => static (_, _) => null;

    public static Mismatch<T> Equal<T>(T expected) =>
        (message, _) => Equals(message, expected) ? null : $"'{expected}' was expected";

    public static Mismatch<T> Where<T>(Predicate<T> isMessage) => (message, _) => isMessage(message) ? null : "the predicate does not hold for it";

    public static Mismatch<T> Where<T>(Func<T, IActorRef, bool> isMessageAndSender) =>
        (message, sender) => isMessageAndSender(message, sender) ? null : "the predicate does not hold for it and its sender";

    public static Mismatch<T> Assert<T>(Action<T> assert) => (message, _) =>
    {
        assert(message);
        return null;
    };

    public static Mismatch<T> Assert<T>(Action<T, IActorRef> assert) => (message, sender) =>
    {
        assert(message, sender);
        return null;
    };

    public static Mismatch<T> OneOf<T>(IEnumerable<T> messages)
    {
        var expected = messages.ToList();
        return (message, _) => expected.Contains(message) ? null : $"one of [{string.Join(", ", expected)}] was expected";
    }

    public static Mismatch<T> From<T>(IActorRef expectedSender, Mismatch<T> mismatch) => (message, sender) =>
        Equals(sender, expectedSender) ? mismatch(message, sender) : $"a message from {expectedSender} was expected";

    public static Mismatch<Terminated> TerminationOf(IActorRef target) => (message, _) =>
        Equals(message.ActorRef, target) ? null : $"the termination of {target} was expected, not of {message.ActorRef}";
}
