using System.CommandLine;
using System.CommandLine.Parsing;
using Bus.Cli.Execution;
using Bus.Core;
using Bus.Core.Hosting;

namespace Bus.Cli.Commands;

/// <summary>The options of <c>ipcbus serve</c> that say which topics there are from the start.</summary>
internal sealed class DeclaredOptions
{
    private readonly Option<string[]> _topics = new("--topic")
    {
        Description = "Declare a topic, or a filter for many; may be given several times", HelpName = "name",
    };

    private readonly Option<string[]> _retained = new("--retained-topic")
    {
        Description = "Declare a topic, or a filter for many, of which every message is kept as the last value; may be given several times", HelpName = "name",
    };

    private readonly Option<bool> _only = new("--declared-only") { Description = "Let only topics be used that are declared: here, or later with 'ipcbus topics create'" };

    private readonly Option<bool> _fixed = new("--fixed-topics") { Description = "Let nobody declare or delete topics while the bus runs. Without it, everybody who is let in may, but not delete those that are given here" };

    public DeclaredOptions()
    {
        foreach (var option in new[] { _topics, _retained })
        {
            option.Validators.Add(CommonOptions.NeedValueEach);
            option.Validators.Add(result => CommonOptions.Check(result, () =>
            {
                foreach (var token in result.Tokens) new TopicDeclaration { Name = token.Value }.Validate();
            }));
        }
    }

    public IEnumerable<Option> All => [_topics, _retained, _only, _fixed];

    public IpcBusOptions Apply(ParseResult parsed, IpcBusOptions options) => options with
    {
        TopicCreation = parsed.GetValue(_only) ? TopicCreation.Declared : TopicCreation.OnUse,
        TopicChanges = parsed.GetValue(_fixed) ? TopicChanges.None : TopicChanges.ByAnyone,
        Topics = [.. Declarations(parsed.GetValue(_topics) ?? [], retain: false), .. Declarations(parsed.GetValue(_retained) ?? [], retain: true)],
    };

    /// <summary>Refuses two that have topics in common: each topic has one policy.</summary>
    public void Validate(Command command) => command.Validators.Add(result =>
    {
        TopicDeclaration[] all = [.. Declarations(Given(result, _topics), retain: false), .. Declarations(Given(result, _retained), retain: true)];
        // One that is no topic is told by its option.
        if (!Array.TrueForAll(all, IsValid)) return;
        try
        {
            new IpcBusOptions { Topics = all }.Validate();
        }
        catch (ArgumentException e)
        {
            result.AddError($"{_topics.Name}, {_retained.Name}: {ErrorText.Of(e)} Leave one of them out.");
        }
    });

    private static IEnumerable<TopicDeclaration> Declarations(IEnumerable<string> names, bool retain) => names.Select(name => new TopicDeclaration { Name = name, Policy = new TopicPolicy { Retain = retain } });

    private static IEnumerable<string> Given(CommandResult result, Option option) => result.GetResult(option)?.Tokens.Select(token => token.Value) ?? [];

    private static bool IsValid(TopicDeclaration declaration)
    {
        try
        {
            declaration.Validate();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
