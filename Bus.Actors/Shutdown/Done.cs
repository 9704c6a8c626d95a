#nullable disable
namespace Bus.Actors;

/// <summary>The result of what has no result.</summary>
public sealed class Done
{
    /// <summary>The only one.</summary>
    public static readonly Done Instance = new();

    private Done()
    {
    }
}
