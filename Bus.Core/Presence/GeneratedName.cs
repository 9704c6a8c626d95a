namespace Bus.Core.Presence;

/// <summary>Names for those who chose none.</summary>
internal static class GeneratedName
{
    private const int MaxProgram = 80;

    /// <summary>What this process calls itself unless told otherwise.</summary>
    public static string Program => AppDomain.CurrentDomain.FriendlyName;

    /// <summary><c>program-pid-random</c>: says who it is, and nobody else has it.</summary>
    public static string For(string program) => $"{TokenOf(program)}-{Environment.ProcessId}-{RandomName.Hex(6)}";

    /// <summary>A text as a name: what is not allowed in one becomes a dash.</summary>
    public static string TokenOf(string text)
    {
        var name = string.Concat(text.Take(MaxProgram).Select(c => SystemTopics.IsValidName(c.ToString()) ? c : '-'));
        return name.Length == 0 ? "client" : name;
    }
}
