namespace Bus.Tests.Actors.Contract;

/// <summary>What actors of these tests fail with.</summary>
public sealed class TestFailure(string message) : Exception(message);
