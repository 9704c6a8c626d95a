using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Bus.Cli.Execution;
using Bus.Core.Messages;
using Bus.Core.Rpc;
using Bus.Transport.Endpoints;

namespace Bus.Cli.Commands;

/// <summary>Options and arguments that several commands share, so that they are spelt and checked the same everywhere.</summary>
internal static class CommonOptions
{
    /// <summary>No value means <see cref="BusEndpoint.Default"/>, which is looked up only when it is needed: a wrong IPCBUS_URL must not spoil the help.</summary>
    public static Option<string?> Url()
    {
        var option = new Option<string?>("--url", "-u")
        {
            Description = "The bus to talk to: unix:///path, tcp://host:port, pipe://name, or a name of your own (orders, shop/orders). Default: $IPCBUS_URL, else your own bus",
            HelpName = "url",
        };
        option.Validators.Add(result => Check(result, () => BusEndpoint.Parse(Last(result))));
        return option;
    }

    public static Argument<string> Topic()
    {
        var argument = new Argument<string>("topic") { Description = "The topic: dot-separated tokens, such as orders.eu.created" };
        argument.Validators.Add(result => Check(result, () => Core.Topic.Validate(Last(result))));
        return argument;
    }

    public static Argument<string> ServiceName(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result => Check(result, () => CheckServiceName(result)));
        return argument;
    }

    /// <exception cref="ArgumentException">It cannot be the name of a service, a method or an instance.</exception>
    public static void CheckServiceName(SymbolResult result) => ServiceNames.Validate(Last(result));

    public static Argument<string[]> Filters(string name, string description)
    {
        var argument = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.OneOrMore };
        argument.Validators.Add(result => Check(result, () =>
        {
            foreach (var token in result.Tokens) Core.Topic.ValidateFilter(token.Value);
        }));
        return argument;
    }

    public static Option<string?> Queue()
    {
        var option = new Option<string?>("--queue", "-q") { Description = "Join this queue group: of all its members, one gets each message", HelpName = "name" };
        option.Validators.Add(result => Check(result, () => Core.Topic.ValidateQueue(Last(result))));
        return option;
    }

    public static Option<FileInfo> File(string description, string name = "--file")
    {
        var option = new Option<FileInfo>(name, name == "--file" ? ["-f"] : []) { Description = description, HelpName = "path" };
        option.Validators.Add(result =>
        {
            var path = Last(result);
            if (Directory.Exists(path)) result.AddError($"'{path}' is a directory: name a file.");
            else if (!System.IO.File.Exists(path)) result.AddError($"There is no file '{path}'.");
        });
        return option;
    }

    public static Option<bool> Quiet() => new("--quiet") { Description = "Do not say on stderr when the subscription is active" };

    public static Option<string?> ReplyTo()
    {
        var option = new Option<string?>("--reply-to") { Description = "The topic on which a reply is expected", HelpName = "topic" };
        option.Validators.Add(result => Check(result, () => Core.Topic.Validate(Last(result))));
        return option;
    }

    public static Option<BusHeaders?> Headers()
    {
        var option = new Option<BusHeaders?>("--header", "-H")
        {
            Description = "A header of the message; may be given several times",
            HelpName = "name=value",
            AllowMultipleArgumentsPerToken = false,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ParseHeaders,
        };
        option.Validators.Add(NeedValueEach);
        return option;
    }

    /// <summary>For an option that may be given several times: the arity counts its values alone, so that one of them could lack its own.</summary>
    public static void NeedValueEach(OptionResult result)
    {
        if (result.Tokens.Count > 0 && result.Tokens.Count < result.IdentifierTokenCount) result.AddError($"{result.Option.Name} needs a <{result.Option.HelpName}> behind it each time.");
    }

    public static Option<long> Count(string description) => new("--count", "-n") { Description = description, HelpName = "n", CustomParser = ParseCount };

    /// <summary>Whether a symbol was given on the command line. Validators must not read values: reading one that could not be converted throws.</summary>
    public static bool Has(this CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>The same for an argument.</summary>
    public static bool Has(this CommandResult result, Argument argument) => result.GetResult(argument) is { Tokens.Count: > 0 };

    /// <summary>Adds the error of a check that throws <see cref="ArgumentException"/> or <see cref="FormatException"/>.</summary>
    public static void Check(SymbolResult result, Action check)
    {
        try
        {
            check();
        }
        catch (ArgumentException e)
        {
            result.AddError(Prefix(result) + ErrorText.Of(e));
        }
        catch (FormatException e)
        {
            result.AddError(Prefix(result) + e.Message);
        }
    }

    private static string Prefix(SymbolResult result) => result is OptionResult { Option.Name: var name } ? $"{name}: " : "";

    private static string Last(SymbolResult result) => result.Tokens.Count == 0 ? "" : result.Tokens[^1].Value;

    private static BusHeaders? ParseHeaders(ArgumentResult result)
    {
        var headers = new BusHeaders();
        foreach (var token in result.Tokens)
        {
            var equals = token.Value.IndexOf('=');
            if (equals <= 0) result.AddError($"'{token.Value}' is not a header: write it as name=value.");
            else Check(result, () => headers.Add(token.Value[..equals], token.Value[(equals + 1)..]));
        }

        return headers.Count == 0 ? null : headers;
    }

    private static long ParseCount(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0) return count;
        result.AddError($"'{text}' is not a count: write a number of at least 1.");
        return default;
    }

}
