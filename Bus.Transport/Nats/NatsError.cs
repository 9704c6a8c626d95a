using System.Text;

namespace Bus.Transport.Nats;

/// <summary>A protocol error as it goes to the peer. Clients compare the texts, so they are nats-server's, letter case included.</summary>
internal sealed class NatsError
{
    private readonly byte[] _line;

    public NatsError(string text, bool closes)
    {
        Text = text;
        Closes = closes;
        _line = new byte[NatsWriter.MaxErrLength(Encoding.UTF8.GetByteCount(text))];
        var length = NatsWriter.WriteErr(_line, text);
        Array.Resize(ref _line, length);
    }

    /// <summary>The text between the quotes.</summary>
    public string Text { get; }

    /// <summary>Whether the connection is closed after the error was sent.</summary>
    public bool Closes { get; }

    /// <summary>The whole line, <c>-ERR '...'</c> with its CRLF.</summary>
    public ReadOnlyMemory<byte> Line => _line;

    public override string ToString() => Text;
}
