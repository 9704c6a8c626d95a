#nullable disable
using System.Buffers;

namespace Bus.Actors;

/// <summary>The place of an actor in the tree, such as <c>akka://bus/user/topics/t-1</c>. Two incarnations under one name have equal paths and different uids.</summary>
public sealed class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    /// <summary>What a name may contain besides ASCII letters and digits.</summary>
    public const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private static readonly SearchValues<char> ValidCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" + ValidSymbols);

    private readonly Address _address;

    private ActorPath(Address address, ActorPath parent, string name, long uid)
    {
        _address = address;
        Parent = parent;
        Name = name;
        Uid = uid;
    }

    /// <summary>The last element; <c>/</c> for the root.</summary>
    public string Name { get; }

    /// <summary>The address of the system.</summary>
    public Address Address => _address ?? Parent.Address;

    /// <summary>Tells incarnations under one name apart; 0 if not known.</summary>
    public long Uid { get; }

    /// <summary>The path above; null for the root.</summary>
    public ActorPath Parent { get; }

    /// <summary>The number of elements below the root.</summary>
    public int Depth => Parent is null ? 0 : Parent.Depth + 1;

    /// <summary>The names from below the root to this one.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var elements = new string[Depth];
            var path = this;
            for (var i = elements.Length - 1; i >= 0; i--, path = path.Parent) elements[i] = path.Name;
            return elements;
        }
    }

    /// <summary>The root of the tree that this path belongs to.</summary>
    public ActorPath Root => Parent is null ? this : Parent.Root;

    internal static ActorPath ForRoot(Address address) => new(address, null, "/", 0);

    /// <summary>Whether a text may be the name of an actor.</summary>
    /// <param name="s">The text.</param>
    /// <returns>True if it is not empty, holds only legal characters or percent escapes, and does not begin with <c>$</c>.</returns>
    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$') return false;
        for (var i = 0; i < s.Length; i++)
        {
            if (ValidCharacters.Contains(s[i])) continue;
            if (s[i] != '%' || i + 2 >= s.Length || !char.IsAsciiHexDigit(s[i + 1]) || !char.IsAsciiHexDigit(s[i + 2])) return false;
            i += 2;
        }

        return true;
    }

    /// <summary>The path of a child.</summary>
    /// <param name="childName">The child's name.</param>
    /// <returns>The path, with an unknown uid.</returns>
    public ActorPath Child(string childName) => new(null, this, childName, 0);

    /// <summary>The same path with another uid.</summary>
    /// <param name="uid">The uid.</param>
    /// <returns>The path.</returns>
    public ActorPath WithUid(long uid) => new(_address, Parent, Name, uid);

    /// <summary>The path of a child.</summary>
    /// <param name="path">The parent.</param>
    /// <param name="name">The child's name.</param>
    /// <returns>The path, with an unknown uid.</returns>
    public static ActorPath operator /(ActorPath path, string name) => path.Child(name);

    /// <summary>Compares by address and names, not by uid.</summary>
    /// <param name="left">One path.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they name the same place.</returns>
    public static bool operator ==(ActorPath left, ActorPath right) => left is null ? right is null : left.Equals(right);

    /// <summary>Compares by address and names, not by uid.</summary>
    /// <param name="left">One path.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they name different places.</returns>
    public static bool operator !=(ActorPath left, ActorPath right) => !(left == right);

    /// <inheritdoc/>
    public bool Equals(ActorPath other)
    {
        var mine = this;
        while (!ReferenceEquals(mine, other))
        {
            if (mine is null || other is null || mine.Name != other.Name) return false;
            if (mine.Parent is null || other.Parent is null) return mine.Parent is null && other.Parent is null && mine.Address.Equals(other.Address);
            mine = mine.Parent;
            other = other.Parent;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object obj) => Equals(obj as ActorPath);

    /// <inheritdoc/>
    public override int GetHashCode() => Parent is null ? Address.GetHashCode() : HashCode.Combine(Parent.Name, Name);

    /// <inheritdoc/>
    public int CompareTo(ActorPath other) => other is null ? 1 : string.CompareOrdinal(ToString(), other.ToString());

    /// <summary>The path below the system, such as <c>/user/topics</c>.</summary>
    /// <returns>The text.</returns>
    public string ToStringWithoutAddress() => "/" + string.Join('/', Elements);

    /// <summary>The whole path followed by <c>#</c> and the uid, if one is known.</summary>
    /// <returns>The text.</returns>
    public string ToStringWithUid() => Uid == 0 ? ToString() : ToString() + "#" + Uid;

    /// <summary>The whole path without the uid.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => Address + ToStringWithoutAddress();
}
