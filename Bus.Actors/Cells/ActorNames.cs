namespace Bus.Actors;

/// <summary>The names of actors: what users may choose, and what the runtime makes up.</summary>
internal static class ActorNames
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    internal static string Validate(string name, IActorRef parent)
    {
        if (ActorPath.IsValidPathElement(name)) return name;
        var problem = name.Length == 0 ? "it is empty"
            : name[0] == '$' ? "it begins with '$', which is reserved for generated names"
            : $"it may contain only ASCII letters, digits, percent escapes and {ActorPath.ValidSymbols}";
        throw new InvalidActorNameException($"Invalid actor name \"{name}\" below {parent.Path}: {problem}.");
    }

    /// <summary>"$a", "$b", ... "$~", "$ab": six bits a character, lowest first.</summary>
    internal static string Generate(long number)
    {
        Span<char> text = stackalloc char[12];
        text[0] = '$';
        var length = 1;
        do
        {
            text[length++] = Digits[(int)(number & 63)];
            number >>= 6;
        }
        while (number > 0);
        return new string(text[..length]);
    }
}
