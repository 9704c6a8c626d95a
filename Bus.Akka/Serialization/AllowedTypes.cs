using System.Collections;
using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using Hyperion;

namespace Bus.Akka.Serialization;

/// <summary>
/// The allow-list, asked twice: by name before a payload makes any type load, and by type for everything that is written or read.
/// </summary>
internal sealed class AllowedTypes : ITypeFilter
{
    private const string NotListed = "it is not in the allow-list. If both processes are to exchange it, add it to the Types, or its assembly to the Assemblies, of the HyperionSerializerOptions of both.";

    // Each name that a payload makes up is a type that stays loaded.
    private const int MaxNames = 4096;

    private static readonly string CoreVersion = typeof(int).AssemblyQualifiedName![typeof(int).AssemblyQualifiedName!.IndexOf(", Version", StringComparison.Ordinal)..];

    private static readonly TypeNameParseOptions NameLimits = new() { MaxNodes = 32 };

    /// <summary>Data without behaviour. Interfaces are never created; they occur as type arguments.</summary>
    private static readonly Type[] Common =
    [
        typeof(object), typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(float), typeof(double), typeof(decimal), typeof(char), typeof(string), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan),
        typeof(DateOnly), typeof(TimeOnly), typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(DictionaryEntry),
        typeof(Tuple<>), typeof(Tuple<,>), typeof(Tuple<,,>), typeof(Tuple<,,,>),
        typeof(ValueTuple<>), typeof(ValueTuple<,>), typeof(ValueTuple<,,>), typeof(ValueTuple<,,,>), typeof(ValueTuple<,,,,>),
        typeof(IEnumerable<>), typeof(ICollection<>), typeof(IList<>), typeof(IDictionary<,>), typeof(ISet<>),
        typeof(IReadOnlyCollection<>), typeof(IReadOnlyList<>), typeof(IReadOnlyDictionary<,>), typeof(IReadOnlySet<>),
    ];

    /// <summary>The collections that Hyperion rebuilds with what they hold and with references intact.</summary>
    private static readonly HashSet<Type> Collections =
    [
        typeof(List<>), typeof(Dictionary<,>), typeof(HashSet<>), typeof(SortedDictionary<,>), typeof(SortedSet<>),
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedDictionary<,>), typeof(ImmutableSortedSet<>),
    ];

    private readonly HashSet<(string Assembly, string Type)> _types;
    private readonly HashSet<string> _assemblies;
    private int _names;

    public AllowedTypes(HyperionSerializerOptions options)
    {
        _types = [.. Common.Concat(Collections).Concat(options.Types).Select(Key)];
        _assemblies = [.. options.Assemblies.Select(assembly => assembly.GetName().Name!)];
        foreach (var type in options.Types)
        {
            if (Refusal(type) is { } reason) throw new ArgumentException($"{type} can't be allowed: {reason}", nameof(options));
        }
    }

    /// <summary>Called with each new name in a payload before Hyperion loads the type. Throws rather than answers false, to say which part of the name it is.</summary>
    public bool IsAllowed(string typeName)
    {
        // Hyperion's short form of the version of the core library; it is expanded in the same way before the type is loaded.
        var name = typeName.Replace(",%core%", CoreVersion, StringComparison.Ordinal);
        if (!TypeName.TryParse(name, out var parsed, NameLimits)) throw new TypeNotAllowedException(Shorten(typeName), "it is no name of a type, or one with too many parts.");
        Check(parsed);
        if (Interlocked.Increment(ref _names) > MaxNames) throw new TypeNotAllowedException(Shorten(typeName), $"more than {MaxNames} different types were named already.");
        return true;
    }

    /// <summary>Why a type is neither written nor read; null if it is.</summary>
    public string? Refusal(Type type)
    {
        if (type.IsArray)
        {
            if (!type.IsSZArray) return "arrays of more than one dimension are not supported. Use an array of arrays.";
            return Refusal(type.GetElementType()!);
        }

        if (NeverReason(type) is { } never) return never;
        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (!IsListed(Key(definition))) return NotListed;
        if (type.IsAssignableTo(typeof(IEnumerable)) && type != typeof(string) && !type.IsInterface && !Collections.Contains(definition))
            return "it is a collection that may not come back as it was. Use a list, a dictionary, a set, an array or an immutable collection.";
        return type.IsConstructedGenericType ? type.GenericTypeArguments.Select(Refusal).FirstOrDefault(reason => reason is not null) : null;
    }

    private static string? NeverReason(Type type)
    {
        if (type.IsPointer || type.IsByRef || type.IsFunctionPointer || type.IsByRefLike || type == typeof(nint) || type == typeof(nuint)) return "a pointer means nothing in another process.";
        if (type.IsAssignableTo(typeof(ICanTell))) return "an actor reference means nothing in another process. Send the topic that the actor listens to.";
        if (type.IsAssignableTo(typeof(Delegate))) return "code is not sent. Send data that says what to do.";
        if (type.IsAssignableTo(typeof(MemberInfo)) || type == typeof(Assembly) || type == typeof(Module)) return "reflection is not sent. Send a name.";
        if (type.IsAssignableTo(typeof(Exception))) return "exceptions are not sent. Send a message that says what went wrong, or throw RemoteErrorException in a responder.";
        if (type.IsAssignableTo(typeof(Task)) || type.IsAssignableTo(typeof(Stream)) || type.IsAssignableTo(typeof(System.Runtime.InteropServices.SafeHandle)))
            return "it belongs to this process and cannot be sent.";
        return null;
    }

    private static (string Assembly, string Type) Key(Type type) => (type.Assembly.GetName().Name!, type.FullName ?? type.Name);

    private static string Shorten(string name) => name.Length <= 200 ? name : name[..200] + "...";

    private bool IsListed((string Assembly, string Type) key) => _types.Contains(key) || _assemblies.Contains(key.Assembly);

    private void Check(TypeName name)
    {
        if (name.IsArray || name.IsPointer || name.IsByRef)
        {
            if (!name.IsSZArray) throw new TypeNotAllowedException(Shorten(name.FullName), "only arrays of one dimension are read.");
            Check(name.GetElementType());
            return;
        }

        if (name.IsConstructedGenericType)
        {
            Check(name.GetGenericTypeDefinition());
            foreach (var argument in name.GetGenericArguments()) Check(argument);
            return;
        }

        if (name.AssemblyName is not { } assembly || !IsListed((assembly.Name, name.FullName))) throw new TypeNotAllowedException(Shorten(name.AssemblyQualifiedName), NotListed);
    }
}
