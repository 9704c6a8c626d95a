using System.Globalization;
using System.Text;
using Bus.Tests.Transport.Connections;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Interop.Differential;

/// <summary>Holds a transcript's conversation with a server and writes down what comes back, in a form that can be compared.</summary>
internal sealed class Conversation(BusEndpoint server, Transcript transcript) : IDisposable
{
    private readonly Dictionary<string, RawClient> _clients = new(StringComparer.Ordinal);
    private readonly HashSet<string> _silent = new(StringComparer.Ordinal);
    private readonly StringBuilder _record = new();

    public async Task<string> HoldAsync()
    {
        foreach (var name in transcript.Steps.Select(s => s.Connection).Distinct())
        {
            var json = transcript.Connects.GetValueOrDefault(name, Transcript.UsualConnect);
            _clients.Add(name, await RawClient.ConnectAsync(server, json.Length == 0 ? "" : "CONNECT " + json));
        }

        foreach (var step in transcript.Steps) await TakeAsync(step);
        return transcript.Late is { } late ? await WaitForAsync(late.Connection, late.Text) : _record.ToString();
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Dispose();
    }

    private async Task TakeAsync(Step step)
    {
        if (step.IsHalf)
        {
            await _clients[step.Connection].SendAsync(step.Bytes);
            _silent.Add(step.Connection);
            return;
        }

        var received = new List<(string Name, string Text)>();
        // First the one that speaks: when its PONG is here, everything it published is on its way to the others before theirs.
        foreach (var name in _clients.Keys.OrderBy(name => name != step.Connection))
        {
            if (_silent.Contains(name)) continue;
            var speaks = name == step.Connection;
            received.Add((name, await ExchangeAsync(name, speaks ? step.Bytes : "", speaks ? step.Pings : 0)));
        }

        var lines = received.SelectMany(r => Frames.Split(r.Text).Select(frame => Line(r.Name, frame)));
        // A member's connection is open, the PONGs of the connections are not: sorting puts both where they compare.
        if (transcript.AnyOrder || transcript.AnyMember) lines = lines.Order(StringComparer.Ordinal);
        foreach (var line in lines) _record.Append(line).Append('\n');
        _record.Append('\n');
    }

    private async Task<string> WaitForAsync(string name, string text)
    {
        var record = _record.ToString();
        if (!record.Contains(Visible(text), StringComparison.Ordinal))
        {
            var rest = await _clients[name].TakeUntilAsync(text) + text;
            record += string.Concat(Frames.Split(rest).Select(frame => Line(name, frame) + "\n"));
        }

        return string.Join('\n', record.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)) + "\n";
    }

    private async Task<string> ExchangeAsync(string name, string bytes, int pings)
    {
        var client = _clients[name];
        var text = new StringBuilder();
        await client.TrySendAsync(bytes + "PING\r\n");
        for (var i = 0; i <= pings; i++)
        {
            if (await client.TryTakeUntilAsync("PONG\r\n") is { } before)
            {
                text.Append(before).Append("PONG\r\n");
                continue;
            }

            text.Append(client.Received).Append("closed\r\n");
            _silent.Add(name);
            break;
        }

        return text.ToString();
    }

    private string Line(string name, string frame)
    {
        var visible = Visible(frame.Length > 200 ? string.Create(CultureInfo.InvariantCulture, $"{frame[..60]}...{frame.Length} bytes, hash {frame.GetHashCode(StringComparison.Ordinal)}") : frame);
        if (!transcript.AnyMember || !frame.StartsWith("MSG ", StringComparison.Ordinal)) return $"{name}< {visible}";
        var words = visible.Split(' ');
        words[2] = "?";
        return "?< " + string.Join(' ', words);
    }

    private static string Visible(string text) => text.Replace("\r", "\\r", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
