using System.CommandLine;
using Bus.Cli.Input;

namespace Bus.Cli.Commands;

/// <summary>Where the payload of a message comes from: an argument, a file, or stdin.</summary>
internal sealed class PayloadArgument(string fileDescription = "Read the payload from this file")
{
    private const string FromInput = "The payload; read from stdin if there is none, or if it is -";
    private const string OrEmpty = "The payload; read from stdin if it is -. Default: empty";

    public Argument<string?> Text { get; } = new("payload") { Description = FromInput, Arity = ArgumentArity.ZeroOrOne };

    public Option<FileInfo> File { get; } = CommonOptions.File(fileDescription);

    /// <summary>Whether a message without one is empty; otherwise it is read from stdin.</summary>
    public bool MayBeLeftOut
    {
        get;
        init
        {
            field = value;
            Text.Description = value ? OrEmpty : FromInput;
        }
    }

    /// <summary>Refuses both at once.</summary>
    public void Validate(Command command) => command.Validators.Add(result =>
    {
        if (result.Has(File) && result.Has(Text)) result.AddError("Give either a payload or --file, not both.");
    });

    public PayloadSource Of(ParseResult parsed)
    {
        var file = parsed.GetValue(File)?.FullName;
        return new PayloadSource(parsed.GetValue(Text) ?? (MayBeLeftOut && file is null ? "" : null), file);
    }
}
