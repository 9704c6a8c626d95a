#nullable disable
namespace Bus.Actors;

/// <summary>How something went, as a message.</summary>
public abstract class Status
{
    private protected Status()
    {
    }

    /// <summary>It went well.</summary>
    public sealed class Success : Status
    {
        /// <summary>A success without a result.</summary>
        public static readonly Success Instance = new(null);

        /// <summary>The result.</summary>
        public readonly object Status;

        /// <summary>A success with a result.</summary>
        /// <param name="status">The result.</param>
        public Success(object status) => Status = status;

        /// <inheritdoc/>
        public override string ToString() => "Success: " + (Status ?? "null");
    }

    /// <summary>It failed. As the answer to an Ask it makes the task fail with <see cref="Cause"/>.</summary>
    public sealed class Failure : Status
    {
        /// <summary>Why.</summary>
        public readonly Exception Cause;

        /// <summary>What the sender adds to it.</summary>
        public readonly object State;

        /// <summary>A failure.</summary>
        /// <param name="cause">Why.</param>
        public Failure(Exception cause)
            : this(cause, null)
        {
        }

        /// <summary>A failure with a state.</summary>
        /// <param name="cause">Why.</param>
        /// <param name="state">What to add to it.</param>
        public Failure(Exception cause, object state)
        {
            Cause = cause;
            State = state;
        }

        /// <inheritdoc/>
        public override string ToString() => "Failure: " + Cause;
    }
}
