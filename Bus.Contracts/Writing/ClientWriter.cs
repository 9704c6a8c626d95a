using Bus.Contracts.Model;

namespace Bus.Contracts.Writing;

/// <summary>Writes the class that carries out a contract by calling the service.</summary>
internal static class ClientWriter
{
    public const string Name = "__BusClient";

    public static void Write(CodeBuilder code, ContractModel contract)
    {
        code.Line();
        code.Open($"private sealed class {Name} : {contract.FullName}");
        code.Line($"private readonly {BusNames.Bus} __bus;");
        for (var i = 0; i < contract.Methods.Count; i++) code.Line($"private readonly {(contract.Methods[i].IsStream ? BusNames.StreamCallOptions : BusNames.CallOptions)} __options{i};");
        code.Line();
        code.Open($"internal {Name}({BusNames.Bus} bus, {BusNames.CallOptions} options)");
        code.Line("__bus = bus;");
        for (var i = 0; i < contract.Methods.Count; i++)
        {
            var method = contract.Methods[i];
            var how = method.IsStream ? "StreamOptionsOf(options)" : $"OptionsOf(options, {method.TimeoutMs}, {(method.SafeToRetry ? "true" : "false")}, {method.CacheMs})";
            code.Line($"__options{i} = {BusNames.Runtime}.{how};");
        }

        code.Close();
        for (var i = 0; i < contract.Methods.Count; i++) WriteMethod(code, contract, contract.Methods[i], i);
        code.Close();
    }

    private static void WriteMethod(CodeBuilder code, ContractModel contract, MethodModel method, int index)
    {
        var parameters = string.Join(", ", method.Parameters.Select(parameter => $"{parameter.Type} {parameter.Identifier}"));
        var token = method.Parameters.FirstOrDefault(parameter => parameter.Kind == ParameterKind.Cancellation)?.Identifier ?? "default";
        var (request, result) = (RequestWriter.TypeOf(method), method.ResultType ?? BusNames.Nothing);
        var (how, items) = method switch
        {
            { Items: { } sent, Returns: ReturnKind.Stream } => ($"{BusNames.Streams}.CallDuplexAsync<{request}, {sent.ItemType}, {result}>", $", {sent.Identifier}"),
            { Items: { } sent } => ($"{BusNames.Streams}.CallUploadAsync<{request}, {sent.ItemType}, {result}>", $", {sent.Identifier}"),
            { Returns: ReturnKind.Stream } => ($"{BusNames.Streams}.CallStreamAsync<{request}, {result}>", ""),
            _ => ($"{BusNames.Services}.CallAsync<{request}, {result}>", ""),
        };
        var call = $"{how}(__bus, {CodeBuilder.Literal(contract.Service)}, {CodeBuilder.Literal(method.WireName)}, {Request(method)}{items}, __options{index}, {token})";
        code.Line();
        code.Line($"{method.ReturnType} {method.DeclaredBy}.{method.Name}({parameters}) => {(method.Returns == ReturnKind.ValueTask ? $"new {method.ReturnType}({call})" : call)};");
    }

    private static string Request(MethodModel method) => method switch
    {
        { RequestName: { } name } => $"new {name} {{ {string.Join(", ", method.Values.Select(value => $"{value.Identifier} = {value.Identifier}"))} }}",
        _ => method.Values.FirstOrDefault()?.Identifier ?? "default",
    };
}
