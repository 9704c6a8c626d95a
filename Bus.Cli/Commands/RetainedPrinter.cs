using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Bus.Cli.Output;
using Bus.Core;
using Bus.Core.Client;

namespace Bus.Cli.Commands;

/// <summary>Prints the last values of topics: for people as a table with the begin of each, or whole as JSON.</summary>
internal sealed class RetainedPrinter(IBus bus)
{
    // Of a value; a line of the table should fit into a terminal.
    private const int Shown = 60;

    /// <param name="filter">Of which topics.</param>
    /// <param name="json">As JSON objects.</param>
    /// <param name="cancellationToken">The interruption.</param>
    public async Task PrintAsync(string filter, bool json, CancellationToken cancellationToken)
    {
        var list = await bus.ListRetainedAsync(filter, cancellationToken);
        if (json) await PrintJsonAsync(list, cancellationToken);
        else await PrintTableAsync(list, cancellationToken);
        if (list.Count > list.Values.Count) await Console.Error.WriteLineAsync($"ipcbus: these are the first {list.Values.Count:N0} of {list.Count:N0}: give a filter for the others.");
    }

    /// <summary>The begin of a value, in one line.</summary>
    public static string Preview(ReadOnlySpan<byte> value)
    {
        if (!Utf8.IsValid(value)) return $"({Plural.Of(value.Length, "byte")}, no text)";
        if (value.EndsWith("\n"u8)) value = value[..^1];
        // At most four bytes are a character, so that what this cuts in two is not shown.
        var text = Printable.Text(Encoding.UTF8.GetString(value[..Math.Min(value.Length, 4 * (Shown + 1))]));
        return text.Length <= Shown ? text : $"{text[..(char.IsHighSurrogate(text[Shown - 1]) ? Shown - 1 : Shown)]}...";
    }

    private async Task PrintJsonAsync(RetainedList list, CancellationToken cancellationToken)
    {
        using var output = StandardOutput.Open();
        using var writer = new JsonMessageWriter();
        foreach (var topic in list.Values.Select(value => value.Topic))
        {
            // Cleared meanwhile: then there is none to print.
            if (await ReadAsync(topic, cancellationToken) is { } value) writer.Write(value, "topic", topic, output);
        }

        output.Flush();
    }

    private async Task PrintTableAsync(RetainedList list, CancellationToken cancellationToken)
    {
        List<string[]> rows = [["TOPIC", "BYTES", "SINCE", "VALUE"]];
        foreach (var entry in list.Values)
        {
            if (await ReadAsync(entry.Topic, cancellationToken) is { } value)
                rows.Add([Printable.Text(entry.Topic), entry.Size.ToString("N0", CultureInfo.InvariantCulture), entry.Since.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), Preview(value.Payload.Span)]);
        }

        foreach (var line in TextTable.Lines(rows).Where(_ => rows.Count > 1)) await Console.Out.WriteLineAsync(line);
        await Console.Out.WriteLineAsync($"{Plural.Of(list.Count, "value")} with {Plural.Of(list.Bytes, "byte")}; at most {list.MaxValues:N0} with {ByteSize.Text(list.MaxBytes)}; {list.Refused:N0} refused for want of room");
    }

    private Task<BusMessage<ReadOnlyMemory<byte>>?> ReadAsync(string topic, CancellationToken cancellationToken) => bus.GetRetainedAsync<ReadOnlyMemory<byte>>(topic, cancellationToken);
}
