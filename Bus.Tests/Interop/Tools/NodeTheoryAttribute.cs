namespace Bus.Tests.Interop.Tools;

/// <summary>A theory that runs Node: skipped with a reason where Node is missing, but never on CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = NodeClients.WhyMissing;
}
