using Bus.Contracts.Model;

namespace Bus.Contracts.Writing;

/// <summary>Writes the validation attributes of parameters, made once, so that nobody has to look for them by reflection.</summary>
internal static class RuleWriter
{
    private const string Name = "__BusRules";

    public static string NameOf(int method, ParameterModel parameter) => $"{Name}.Of{method}_{parameter.Name}";

    public static void Write(CodeBuilder code, ContractModel contract)
    {
        if (!contract.Methods.Any(method => method.Values.Any(HasRules))) return;
        code.Line();
        code.Open($"private static class {Name}");
        for (var i = 0; i < contract.Methods.Count; i++)
        {
            foreach (var parameter in contract.Methods[i].Values.Where(HasRules))
                code.Line($"internal static readonly {BusNames.Rule}[] Of{i}_{parameter.Name} = {{ {string.Join(", ", parameter.Rules)} }};");
        }

        code.Close();
    }

    private static bool HasRules(ParameterModel parameter) => parameter.Rules.Count > 0;
}
