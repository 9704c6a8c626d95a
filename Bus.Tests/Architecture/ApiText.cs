using System.Reflection;
using System.Runtime.CompilerServices;

namespace Bus.Tests.Architecture;

/// <summary>Writes types and members as akka-api.txt writes them.</summary>
internal static class ApiText
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string", [typeof(bool)] = "bool", [typeof(int)] = "int",
        [typeof(uint)] = "uint", [typeof(long)] = "long", [typeof(double)] = "double", [typeof(byte)] = "byte", [typeof(char)] = "char",
    };

    public static string Kind(Type type)
    {
        if (type.IsEnum) return "enum";
        if (type.IsInterface) return "interface";
        if (type.IsValueType) return "struct";
        if (typeof(Delegate).IsAssignableFrom(type)) return "delegate";
        return type is { IsAbstract: true, IsSealed: true } ? "static class" : "class";
    }

    /// <summary>The simple name with its type parameters; of a nested type with those around it.</summary>
    public static string Name(Type type)
    {
        var outer = type.DeclaringType is { } declaring && declaring != typeof(ActorApiTests) ? Name(declaring) + "." : "";
        return outer + Simple(type, type.GetGenericArguments());
    }

    public static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum) return Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name))}");
        if (Kind(type) == "delegate") return [Method(type.GetMethod("Invoke")!)];
        return type.GetMembers(Declared).Where(m => !m.IsDefined(typeof(CompilerGeneratedAttribute), false)).SelectMany(Text);
    }

    private static IEnumerable<string> Text(MemberInfo member) => member switch
    {
        ConstructorInfo constructor when IsVisible(constructor) => [$"{Visibility(constructor)}.ctor({Parameters(constructor)})"],
        MethodInfo method when IsVisible(method) && !IsAccessor(method) && !IsOfEveryObject(method) => [Method(method)],
        PropertyInfo property when property.GetAccessors(true).Any(IsVisible) => [Property(property)],
        FieldInfo field when field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly =>
            [$"{(field.IsPublic ? "" : "protected ")}{(field.IsStatic ? "static " : "")}{TypeName(field.FieldType)} {field.Name}"],
        EventInfo or Type or ConstructorInfo or MethodInfo or PropertyInfo or FieldInfo => [],
        _ => throw new NotSupportedException($"{member.MemberType} {member}"),
    };

    private static string Method(MethodInfo method)
    {
        var name = method.IsSpecialName ? Operator(method.Name) : method.Name;
        var generic = method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(a => a.Name))}>" : "";
        var modifiers = Visibility(method) + (method.IsStatic ? "static " : "");
        return $"{modifiers}{TypeName(method.ReturnType)} {name}{generic}({Parameters(method)})";
    }

    private static string Property(PropertyInfo property)
    {
        var visible = property.GetAccessors(true).Where(IsVisible).ToList();
        var isPublic = visible.Exists(a => a.IsPublic);
        var accessors = visible.OrderBy(a => a != property.GetMethod)
            .Select(a => $"{(isPublic ? Visibility(a) : "")}{(a == property.GetMethod ? "get" : "set")};");
        return $"{(isPublic ? "" : "protected ")}{(visible[0].IsStatic ? "static " : "")}{TypeName(property.PropertyType)} {property.Name} {{ {string.Join(' ', accessors)} }}";
    }

    private static string Parameters(MethodBase method)
    {
        var first = method.IsDefined(typeof(ExtensionAttribute), false) ? "this " : "";
        return first + string.Join(", ", method.GetParameters().Select(Parameter));
    }

    private static string Parameter(ParameterInfo parameter)
    {
        var prefix = parameter.IsOut ? "out " : parameter.IsDefined(typeof(ParamArrayAttribute), false) ? "params " : "";
        return $"{prefix}{TypeName(parameter.ParameterType)} {parameter.Name}{(parameter.IsOptional ? " = *" : "")}";
    }

    private static string TypeName(Type type)
    {
        if (type.IsByRef) return TypeName(type.GetElementType()!);
        if (type.IsArray) return TypeName(type.GetElementType()!) + "[]";
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        return Nullable.GetUnderlyingType(type) is { } value ? TypeName(value) + "?" : Simple(type, type.GetGenericArguments());
    }

    private static string Simple(Type type, Type[] arguments)
    {
        var name = type.Name.Split('`')[0];
        return !type.Name.Contains('`') ? name : $"{name}<{string.Join(", ", arguments.Select(TypeName))}>";
    }

    private static string Operator(string name) => name switch
    {
        "op_Equality" => "operator ==",
        "op_Inequality" => "operator !=",
        "op_Division" => "operator /",
        _ => name,
    };

    private static string Visibility(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsAccessor(MethodInfo method) => method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    /// <summary>Every object has them, so they are in no list.</summary>
    private static bool IsOfEveryObject(MethodInfo method) => method.Name is "Equals" or "GetHashCode" or "ToString" or "CompareTo" or "Finalize" or "<Clone>$";
}
