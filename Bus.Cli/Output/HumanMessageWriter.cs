using System.Globalization;
using System.Text;
using Bus.Core.Client;

namespace Bus.Cli.Output;

/// <summary>
/// A line for people: topic, payload, and behind them headers and reply-to. Control characters are shown as escapes,
/// so that no message can play with the terminal or fake a line of its own.
/// </summary>
internal sealed class HumanMessageWriter(bool colour) : IMessageWriter
{
    private const string Topic = "\e[36m";
    private const string Dim = "\e[2m";
    private const string Reset = "\e[0m";
    private readonly StringBuilder _line = new();

    public void Write(BusMessage message, StandardOutput output)
    {
        _line.Clear();
        Append(Topic, message.Topic);
        _line.Append("  ");
        // A line feed at the end, as from 'echo x | ipcbus pub', would only be noise.
        var payload = message.Payload.Span;
        AppendEscaped(Encoding.UTF8.GetString(payload.EndsWith("\n"u8) ? payload[..^1] : payload));
        foreach (var (name, value) in message.Headers) Append(Dim, $"  [{name}: {value}]");
        if (message.ReplyTo is not null) Append(Dim, $"  (reply to {message.ReplyTo})");
        _line.Append('\n');
        output.Write(Encoding.UTF8.GetBytes(_line.ToString()));
    }

    private void Append(string style, string text)
    {
        if (colour) _line.Append(style);
        AppendEscaped(text);
        if (colour) _line.Append(Reset);
    }

    private void AppendEscaped(string text)
    {
        foreach (var c in text)
        {
            _ = c switch
            {
                '\t' => _line.Append(c),
                '\n' => _line.Append(@"\n"),
                '\r' => _line.Append(@"\r"),
                _ when char.IsControl(c) => _line.Append(CultureInfo.InvariantCulture, $@"\x{(int)c:x2}"),
                _ => _line.Append(c),
            };
        }
    }
}
