using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Bus.Transport.Endpoints;

/// <summary>A name that stands for an endpoint: <c>orders</c>, or <c>shop/orders</c> in the domain <c>shop</c>.</summary>
internal sealed record EndpointName(string? Domain, string Name)
{
    public const string Rule = "A name is 1 to 64 ASCII letters, digits, '_', '-' or '.', begins with a letter, a digit or '_', and may have a domain before it, with one slash: shop/orders.";

    private const int MaxLength = 64;

    // No part has it, so that no two names meet in one file.
    private const char Joint = '@';

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");

    /// <summary>The name as one part of a path.</summary>
    public string FileName => Domain is null ? Name : $"{Domain}{Joint}{Name}";

    /// <summary>Reads a name.</summary>
    /// <param name="text">The name.</param>
    /// <param name="name">What was read.</param>
    /// <param name="problem">The part that is wrong, and why, as the beginning of a sentence.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out EndpointName? name, [NotNullWhen(false)] out string? problem)
    {
        name = null;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && text.IndexOf('/', slash + 1) >= 0) problem = $"'{text}' has more than one slash";
        else problem = (slash < 0 ? null : Problem("domain", text[..slash])) ?? Problem("name", text[(slash + 1)..]);
        if (problem is null) name = new EndpointName(slash < 0 ? null : text[..slash], text[(slash + 1)..]);
        return name is not null;
    }

    /// <summary>The same name in a domain of this user's own.</summary>
    public EndpointName OfUser(string user)
    {
        var own = string.Concat(user.Select(c => Allowed.Contains(c) ? c : '_')).TrimStart('-', '.');
        return this with { Domain = Domain is null ? own : $"{own}.{Domain}" };
    }

    public override string ToString() => Domain is null ? Name : $"{Domain}/{Name}";

    private static string? Problem(string what, string part)
    {
        if (part.Length == 0) return $"the {what} is empty";
        if (part.Length > MaxLength) return $"the {what} '{part}' has {part.Length} characters";
        var wrong = part.AsSpan().IndexOfAnyExcept(Allowed);
        if (wrong >= 0) return $"the {what} '{part.Replace('\0', '?')}' has the character {(char.IsControl(part[wrong]) ? $"U+{(int)part[wrong]:X4}" : $"'{part[wrong]}'")} in it";
        return part[0] is '-' or '.' ? $"the {what} '{part}' begins with '{part[0]}'" : null;
    }
}
