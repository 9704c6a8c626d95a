using Bus.Contracts.Model;

namespace Bus.Contracts.Writing;

/// <summary>Writes the types of requests with several values, or with one that may be left out.</summary>
internal static class RequestWriter
{
    private const string JsonNamespace = "global::System.Text.Json.Serialization";

    /// <summary>What requests of a method are read as.</summary>
    public static string TypeOf(MethodModel method) => method.RequestName ?? method.Values.FirstOrDefault()?.Type ?? BusNames.Nothing;

    public static void Write(CodeBuilder code, ContractModel contract)
    {
        foreach (var method in contract.Methods.Where(method => method.RequestName is not null))
        {
            code.Line();
            code.Line($"/// <summary>The request of the method '{method.WireName}'.</summary>");
            code.Open($"public sealed class {method.RequestName}");
            foreach (var value in method.Values)
            {
                code.Line($"/// <summary>The value '{value.Name}'.{(value.Default is null ? " It has to be given." : "")}</summary>");
                code.Line($"[{JsonNamespace}.JsonPropertyName({CodeBuilder.Literal(value.Name)})]");
                if (value.Default is null) code.Line($"[{JsonNamespace}.JsonRequired]");
                code.Line($"public {value.Type} {value.Identifier} {{ get; set; }} = {value.Default ?? "default!"};");
            }

            code.Close();
        }
    }
}
