using System.CommandLine;
using Bus.Cli.Execution;
using Bus.Cli.Replying;

namespace Bus.Cli.Commands;

/// <summary><c>ipcbus reply</c>: answers requests, with their own payload or by a command.</summary>
internal static class ReplyCommand
{
    public static Command Create()
    {
        var filters = CommonOptions.Filters("topic", "Topics, or filters, to reply on");
        var echo = new Option<bool>("--echo") { Description = "Reply with the payload of the request (the default)" };
        var exec = new Option<string?>("--exec", "-x")
        {
            Description = "Run this shell command for each request: payload on its stdin, its stdout is the reply, a non-zero exit becomes an error reply. IPCBUS_TOPIC holds the topic. "
                + "One runs at a time and the other requests wait; for more at once, start as many of these with the same --queue",
            HelpName = "command",
        };
        var limit = new TimeOption("--exec-timeout", "How long a command may run before it is killed with all that it started, and the reply is an error", ShellResponder.DefaultTimeout);
        var queue = CommonOptions.Queue();
        var count = CommonOptions.Count("End after this many requests");
        var quiet = CommonOptions.Quiet();
        var bus = new BusOptions();

        var command = new Command("reply", "Reply to requests, until Ctrl-C.") { filters, echo, exec, limit, queue, count, quiet };
        foreach (var option in bus.All) command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.Has(limit) && !result.Has(exec)) result.AddError("--exec-timeout goes with --exec.");
            if (result.Has(echo) && result.Has(exec)) result.AddError("Give either --echo or --exec, not both.");
            if (result.GetResult(exec) is { Tokens: [.., { Value: var text }] } && string.IsNullOrWhiteSpace(text)) result.AddError("--exec needs a command.");
        });
        command.SetAction((parsed, _) => CommandRunner.RunAsync(async cancellationToken =>
        {
            await using var session = await bus.OpenAsync(parsed, "reply", cancellationToken);
            IResponder responder = parsed.GetValue(exec) is { } text ? new ShellResponder(text, limit.Of(parsed)) : new EchoResponder();
            var loop = new ReplyLoop(session, responder);
            return await loop.RunAsync(new(parsed.GetValue(filters)!), parsed.GetValue(queue), parsed.GetValue(count), parsed.GetValue(quiet), cancellationToken);
        }));
        return command;
    }
}
