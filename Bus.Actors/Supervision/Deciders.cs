#nullable disable
namespace Bus.Actors;

/// <summary>Chooses the directive for a failure.</summary>
public interface IDecider
{
    /// <summary>Chooses the directive. Runs in the supervisor's turn.</summary>
    /// <param name="cause">The failure.</param>
    /// <returns>What to do with the child.</returns>
    Directive Decide(Exception cause);
}

/// <summary>Makes deciders.</summary>
public static class Decider
{
    /// <summary>A decider that asks a function.</summary>
    /// <param name="localOnlyDecider">The function.</param>
    /// <returns>The decider.</returns>
    public static LocalOnlyDecider From(Func<Exception, Directive> localOnlyDecider) => new(localOnlyDecider);
}

/// <summary>A decider that asks a function.</summary>
public sealed class LocalOnlyDecider : IDecider
{
    private readonly Func<Exception, Directive> _decider;

    /// <summary>Wraps a function.</summary>
    /// <param name="decider">The function.</param>
    public LocalOnlyDecider(Func<Exception, Directive> decider)
    {
        ArgumentNullException.ThrowIfNull(decider);
        _decider = decider;
    }

    /// <inheritdoc/>
    public Directive Decide(Exception cause) => _decider(cause);
}
