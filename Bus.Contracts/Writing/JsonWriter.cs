using Bus.Contracts.Model;

namespace Bus.Contracts.Writing;

/// <summary>
/// Writes how System.Text.Json handles the types of requests without reflection. Its own source generator cannot do that: no generator sees what another has written.
/// </summary>
internal static class JsonWriter
{
    private const string Json = "global::System.Text.Json";
    private const string Metadata = $"{Json}.Serialization.Metadata";
    private const string Name = "__BusJson";

    public static void Write(CodeBuilder code, ContractModel contract)
    {
        var methods = contract.Methods.Where(method => method.RequestName is not null).ToList();
        code.Line();
        code.Line("/// <summary>");
        code.Line("/// How the requests of this contract are read and written as JSON without reflection, for trimmed and AOT applications: combine it with a source-generated context of the");
        code.Line("/// types of parameters and results, by <c>JsonTypeInfoResolver.Combine(MyContext.Default, IMyContract.JsonTypes)</c>.");
        code.Line("/// </summary>");
        code.Line($"public static {Metadata}.IJsonTypeInfoResolver JsonTypes {{ get; }} = new {Name}();");
        code.Line();
        code.Open($"private sealed class {Name} : {Metadata}.IJsonTypeInfoResolver");
        code.Open($"{Metadata}.JsonTypeInfo? {Metadata}.IJsonTypeInfoResolver.GetTypeInfo(global::System.Type type, {Json}.JsonSerializerOptions options)");
        foreach (var method in methods) code.Line($"if (type == typeof({method.RequestName})) return {method.RequestName}Info(options);");
        code.Line("return null;");
        code.Close();
        foreach (var method in methods) WriteInfo(code, method);
        code.Close();
    }

    private static void WriteInfo(CodeBuilder code, MethodModel method)
    {
        var (type, values) = (method.RequestName!, method.Values.ToList());
        code.Line();
        code.Open($"private static {Metadata}.JsonTypeInfo {type}Info({Json}.JsonSerializerOptions options)");
        code.Open($"return {Metadata}.JsonMetadataServices.CreateObjectInfo<{type}>(options, new {Metadata}.JsonObjectInfoValues<{type}>");
        code.Line($"ObjectCreator = static () => new {type}(),");
        code.Open("PropertyMetadataInitializer = _ =>");
        code.Line($"var properties = new {Metadata}.JsonPropertyInfo[{values.Count}];");
        for (var i = 0; i < values.Count; i++) WriteProperty(code, type, values[i], i);
        code.Line("return properties;");
        code.Close(",");
        code.Close(");");
        code.Close();
    }

    private static void WriteProperty(CodeBuilder code, string type, ParameterModel value, int index)
    {
        code.Open($"properties[{index}] = {Metadata}.JsonMetadataServices.CreatePropertyInfo<{value.Type}>(options, new {Metadata}.JsonPropertyInfoValues<{value.Type}>");
        code.Line("IsProperty = true,");
        code.Line("IsPublic = true,");
        code.Line($"DeclaringType = typeof({type}),");
        code.Line($"PropertyName = {CodeBuilder.Literal(value.Name)},");
        code.Line($"JsonPropertyName = {CodeBuilder.Literal(value.Name)},");
        code.Line($"Getter = static request => (({type})request).{value.Identifier},");
        code.Line($"Setter = static (request, value) => (({type})request).{value.Identifier} = value!,");
        code.Close(");");
        if (value.Default is null) code.Line($"properties[{index}].IsRequired = true;");
    }
}
