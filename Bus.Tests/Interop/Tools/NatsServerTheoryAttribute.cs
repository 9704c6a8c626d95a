namespace Bus.Tests.Interop.Tools;

/// <summary>A theory that compares with nats-server: skipped with a reason where it is missing and cannot be installed, but never on CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NatsServerTheoryAttribute : TheoryAttribute
{
    public NatsServerTheoryAttribute() => Skip = NatsServerProcess.WhyMissing;
}
