namespace Bus.Tests.Architecture;

/// <summary>Akka's signatures as akka-api.txt has them; the format is explained there.</summary>
internal sealed class AkkaApi
{
    private readonly Dictionary<string, string> _kinds = new(StringComparer.Ordinal);
    private readonly HashSet<(string Type, string Member)> _members = [];

    public IEnumerable<string> TypeNames => _kinds.Keys;

    public static AkkaApi Read()
    {
        using var text = new StreamReader(typeof(AkkaApi).Assembly.GetManifestResourceStream("akka-api.txt")!);
        return Parse(text.ReadToEnd().Split('\n'));
    }

    public static AkkaApi Parse(IEnumerable<string> lines)
    {
        var api = new AkkaApi();
        var type = "";
        foreach (var line in lines)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                foreach (var form in Forms(line.Trim())) api._members.Add((type, form));
                continue;
            }

            var nameStart = line.StartsWith("static ", StringComparison.Ordinal) ? line.IndexOf(' ', "static ".Length) : line.IndexOf(' ');
            type = line[(nameStart + 1)..].Trim();
            api._kinds.Add(type, line[..nameStart]);
        }

        return api;
    }

    /// <summary>
    /// What may stand for a member of Akka's: itself; a property with one of its accessors; a method without optional parameters at its end. Whoever
    /// uses these compiles with Akka too.
    /// </summary>
    private static IEnumerable<string> Forms(string member)
    {
        yield return member;
        var accessors = member.IndexOf(" { ", StringComparison.Ordinal);
        if (accessors >= 0)
        {
            foreach (var accessor in (string[])["get;", "set;"])
            {
                if (member.Contains($" {accessor} ", StringComparison.Ordinal)) yield return $"{member[..accessors]} {{ {accessor} }}";
            }
        }

        while (member.EndsWith(" = *)", StringComparison.Ordinal))
        {
            var lastParameter = Math.Max(member.LastIndexOf(", ", StringComparison.Ordinal), member.LastIndexOf('('));
            member = member[lastParameter] == '(' ? $"{member[..lastParameter]}()" : $"{member[..lastParameter]})";
            yield return member;
        }
    }

    public bool HasType(string name, string kind) => _kinds.TryGetValue(name, out var known) && known == kind;

    public bool HasMember(string type, string member) => _members.Contains((type, member));
}
