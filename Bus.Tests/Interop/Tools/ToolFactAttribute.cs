namespace Bus.Tests.Interop.Tools;

/// <summary>A test that needs a program: skipped where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ToolFactAttribute : FactAttribute
{
    /// <param name="program">As it is on the PATH.</param>
    public ToolFactAttribute(string program)
    {
        Program = program;
        Skip = Tool.Find(program) is null ? $"{program} is not on the PATH: install it to run this test." : null;
    }

    /// <summary>What it needs.</summary>
    public string Program { get; }
}
