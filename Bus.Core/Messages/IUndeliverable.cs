namespace Bus.Core.Messages;

/// <summary>A message that holds something (memory, credit, a caller who waits) which must not be lost with it.</summary>
internal interface IUndeliverable
{
    /// <summary>Its recipient is gone: give back what it holds. Called from the dead-letter sweeper's turn.</summary>
    void Undelivered();
}
