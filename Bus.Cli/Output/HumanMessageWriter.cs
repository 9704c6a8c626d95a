using System.Text;
using Bus.Core.Client;

namespace Bus.Cli.Output;

/// <summary>
/// A line for people: topic, payload, and behind them headers and reply-to, all of them printable.
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
        Printable.Append(_line, Encoding.UTF8.GetString(payload.EndsWith("\n"u8) ? payload[..^1] : payload));
        foreach (var (name, value) in message.Headers) Append(Dim, $"  [{name}: {value}]");
        if (message.ReplyTo is not null) Append(Dim, $"  (reply to {message.ReplyTo})");
        _line.Append('\n');
        output.Write(Encoding.UTF8.GetBytes(_line.ToString()));
    }

    private void Append(string style, string text)
    {
        if (colour) _line.Append(style);
        Printable.Append(_line, text);
        if (colour) _line.Append(Reset);
    }
}
