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
        for (var i = 0; i < contract.Methods.Count; i++) code.Line($"private readonly {BusNames.CallOptions} __options{i};");
        code.Line();
        code.Open($"internal {Name}({BusNames.Bus} bus, {BusNames.CallOptions} options)");
        code.Line("__bus = bus;");
        for (var i = 0; i < contract.Methods.Count; i++)
        {
            var method = contract.Methods[i];
            code.Line($"__options{i} = {BusNames.Runtime}.OptionsOf(options, {method.TimeoutMs}, {(method.SafeToRetry ? "true" : "false")}, {method.CacheMs});");
        }

        code.Close();
        for (var i = 0; i < contract.Methods.Count; i++) WriteMethod(code, contract, contract.Methods[i], i);
        code.Close();
    }

    private static void WriteMethod(CodeBuilder code, ContractModel contract, MethodModel method, int index)
    {
        var parameters = string.Join(", ", method.Parameters.Select(parameter => $"{parameter.Type} {parameter.Identifier}"));
        var token = method.Parameters.FirstOrDefault(parameter => parameter.Kind == ParameterKind.Cancellation)?.Identifier ?? "default";
        var types = $"{RequestWriter.TypeOf(method)}, {method.ResultType ?? BusNames.Nothing}";
        var call = $"{BusNames.Services}.CallAsync<{types}>(__bus, {CodeBuilder.Literal(contract.Service)}, {CodeBuilder.Literal(method.WireName)}, {Request(method)}, __options{index}, {token})";
        code.Line();
        code.Line($"{method.ReturnType} {method.DeclaredBy}.{method.Name}({parameters}) => {(method.IsValueTask ? $"new {method.ReturnType}({call})" : call)};");
    }

    private static string Request(MethodModel method) => method switch
    {
        { RequestName: { } name } => $"new {name} {{ {string.Join(", ", method.Values.Select(value => $"{value.Identifier} = {value.Identifier}"))} }}",
        _ => method.Values.FirstOrDefault()?.Identifier ?? "default",
    };
}
