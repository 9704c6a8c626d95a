using System.CommandLine;
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
        Topics =
        [
            .. (parsed.GetValue(_topics) ?? []).Select(name => new TopicDeclaration { Name = name }),
            .. (parsed.GetValue(_retained) ?? []).Select(name => new TopicDeclaration { Name = name, Policy = new TopicPolicy { Retain = true } }),
        ],
    };
}
