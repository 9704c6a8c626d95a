using Bus.Cli.Demo.Workers;
using Bus.Cli.Output;
using Bus.Core.Client;
using Spectre.Console;

namespace Bus.Cli.Demo;

/// <summary>What the demo shows: its steps as they happen, and the summary. Colours and a live counter on a terminal, plain lines elsewhere.</summary>
internal sealed class DemoReport
{
    // Far above what is measured (some ms, more on a machine that is busy) and far below the timeouts of the requests (5 s and 10 s): in between
    // lies the difference between failing at once and hanging.
    private const double AtOnceMilliseconds = 2500;
    private const int PlainWidth = 120;

    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly IAnsiConsole _console = CreateConsole();
    private StatusContext? _status;

    public DemoReport(TimeProvider time)
    {
        _time = time;
        _started = time.GetTimestamp();
    }

    public string LastStep { get; private set; } = "the start";

    private static bool IsTerminal => !Console.IsOutputRedirected;

    public async Task<DemoResult> LiveAsync(Func<Task<DemoResult>> run)
    {
        if (!IsTerminal) return await run();
        return await _console.Status().StartAsync("starting", async status =>
        {
            _status = status;
            return await run();
        });
    }

    public void Step(string who, string what)
    {
        LastStep = $"{who} {what}";
        var seconds = _time.GetElapsedTime(_started).TotalSeconds;
        _console.MarkupLineInterpolated($"[dim]{seconds,5:0.0} s[/]  [cyan]{who,-11}[/]  {what}");
    }

    public void Progress(string what) => _status?.Status(Markup.Escape(what));

    /// <summary>Prints the table and the verdict.</summary>
    /// <returns>Whether all of it held.</returns>
    public bool Summarise(DemoResult result)
    {
        _console.WriteLine();
        _console.Write(Messages(result));
        _console.Write(Requests(result));
        var checks = Check(result).ToList();
        foreach (var (text, holds) in checks) _console.MarkupLine($"{(holds ? "[green]ok[/]    " : "[red]FAILED[/]")}  {Markup.Escape(text)}");
        return checks.TrueForAll(c => c.Holds);
    }

    private static IAnsiConsole CreateConsole()
    {
        // Spectre guesses from the environment too (CI systems that show colours in logs); plain means plain.
        if (TerminalColour.OnStandardOutput) return AnsiConsole.Console;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        if (!IsTerminal) console.Profile.Width = PlainWidth;
        return console;
    }

    private static IEnumerable<(string Text, bool Holds)> Check(DemoResult result)
    {
        yield return ("nothing was lost", result.Sent.Count > 0 && result.Alone.All(s => s.Report.Count == result.Expected(s.Filter)));
        yield return ("every line arrived byte for byte and in order", result.Alone.First().Report.Hash == result.Sent.Hash);
        yield return ("the queue group got each line once, and every member took part", DemoResult.Received(result.Group) == result.Sent.Count && result.Group.All(s => s.Report.Count > 0));
        yield return ("requests in flight failed at once when the service was killed", result.Held.All(h => h.Ending == nameof(ResponderLostException) && h.Milliseconds < AtOnceMilliseconds));
        yield return (
            "requests without a service failed at once, and none timed out",
            result.Requests.Failures.ContainsKey(nameof(NoRespondersException))
            && result.Requests.Failures.Keys.All(k => k is nameof(NoRespondersException) or nameof(ResponderLostException))
            && result.Requests.SlowestFailure < AtOnceMilliseconds);
        yield return ("requests were answered before and after, and rightly", result.Requests is { Answered.Count: > 0, Wrong: 0 });
    }

    private static Table Messages(DemoResult result)
    {
        var table = NewTable("subscriber", "filter", "sent", "received", "lost");
        foreach (var subscriber in result.Alone) AddRow(table, subscriber.Process.Name, subscriber.Filter, result.Expected(subscriber.Filter), subscriber.Report.Count, $"{subscriber.Report.Count:N0}");
        var shares = string.Join(" + ", result.Group.Select(s => $"{s.Report.Count:N0}"));
        AddRow(table, $"queue group of {result.Group.Count()}", LineTopic.All, result.Sent.Count, DemoResult.Received(result.Group), shares);
        return table;
    }

    private static void AddRow(Table table, string name, string filter, long sent, long received, string shown) =>
        table.AddRow(Markup.Escape(name), Markup.Escape(filter), $"{sent:N0}", shown, sent == received ? "0" : $"[red]{sent - received:N0}[/]");

    private static Table Requests(DemoResult result)
    {
        var table = NewTable("requests", "");
        table.AddRow("one at a time: answered", $"{result.Requests.Answered.Count:N0}");
        table.AddRow("one at a time: latency, median and 99th percentile", $"{result.Percentile(0.5):0.00} ms, {result.Percentile(0.99):0.00} ms");
        foreach (var (kind, count) in result.Requests.Failures) table.AddRow(Markup.Escape($"one at a time: failed at once, {kind}"), $"{count:N0}");
        table.AddRow("one at a time: the slowest to fail", $"{result.Requests.SlowestFailure:0.0} ms");
        foreach (var held in result.Held.GroupBy(h => h.Ending)) table.AddRow(Markup.Escape($"with the service when it was killed: {held.Key}"), $"{held.Count():N0}");
        table.AddRow("with the service when it was killed: the slowest to fail", $"{result.Held.Max(h => h.Milliseconds):0.0} ms");
        return table;
    }

    /// <summary>Names to the left, numbers to the right.</summary>
    private static Table NewTable(params string[] columns)
    {
        var table = new Table().Border(IsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        foreach (var column in columns) table.AddColumn(column, c => c.Alignment(column is "subscriber" or "filter" or "requests" ? Justify.Left : Justify.Right));
        return table;
    }
}
