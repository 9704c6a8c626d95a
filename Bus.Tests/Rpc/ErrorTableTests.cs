using System.Reflection;
using System.Text.RegularExpressions;
using Bus.Core.Client;
using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Tests.Architecture;

namespace Bus.Tests.Rpc;

/// <summary>The table of errors in the documentation.</summary>
public sealed partial class ErrorTableTests
{
    [Fact]
    public void Every_name_of_an_error_stands_in_the_table()
    {
        var documentation = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "services.md"));
        var table = documentation[documentation.IndexOf("| name | what | in C# |", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n\n", StringComparison.Ordinal)];
        var written = Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "Bus.Core"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => InPlace().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups["name"].Value);
        string[] names = [.. Constants(typeof(BusErrors)), .. Constants(typeof(ErrorHeaders)), .. Constants(typeof(TopicRefusal)), .. written];

        Assert.Contains("path-too-long", names);
        Assert.DoesNotContain(names, name => !table.Contains($"`{name}`", StringComparison.Ordinal));
    }

    /// <summary>The names; not those of headers.</summary>
    private static IEnumerable<string> Constants(Type type) => type
        .GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        .Where(field => field is { IsLiteral: true, FieldType: var of } && of == typeof(string))
        .Select(field => (string)field.GetRawConstantValue()!)
        .Where(name => char.IsAsciiLetterLower(name[0]));

    /// <summary>Those that are given where an error is made: <c>Fail(text, code: 429, "busy")</c>, <c>new RemoteErrorException(text, 404, "not-found")</c>.</summary>
    [GeneratedRegex(@"\b[45]\d\d, ""(?<name>[a-z]+(-[a-z]+)*)""\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex InPlace();
}
