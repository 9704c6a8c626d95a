#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>A failed expectation of the TestKit. The test framework shows its message; nothing needs to catch it.</summary>
internal sealed class ExpectationException : Exception
{
    public ExpectationException()
    {
    }

    public ExpectationException(string message)
        : base(message)
    {
    }

    public ExpectationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
