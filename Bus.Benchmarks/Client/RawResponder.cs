using System.Globalization;
using System.Net;
using System.Text;
using Bus.Transport.Nats;

namespace Bus.Benchmarks.Client;

/// <summary>Echoes requests on a thread of its own, all of a read in one write: natsload's responder.</summary>
internal sealed class RawResponder : IDisposable
{
    private static readonly NatsRules Rules = NatsRules.FromServer();
    private readonly RawClient _client;
    private readonly Thread _thread;
    private readonly byte[] _input = new byte[1 << 18];
    private readonly byte[] _output = new byte[1 << 18];
    private volatile bool _disposed;

    public RawResponder(EndPoint endpoint, string topic)
    {
        _client = new RawClient(endpoint, $"SUB {topic} workers 1\r\n");
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _disposed = true;
        _client.Shutdown();
        _thread.Join();
        _client.Dispose();
    }

    private void Run()
    {
        var length = 0;
        while (!_disposed)
        {
            try
            {
                length += _client.Read(_input.AsSpan(length));
            }
            catch (InvalidOperationException) when (_disposed)
            {
                return;
            }

            var consumed = Answer(_input.AsSpan(0, length));
            _input.AsSpan(consumed, length - consumed).CopyTo(_input);
            length -= consumed;
        }
    }

    private int Answer(ReadOnlySpan<byte> input)
    {
        var (consumed, written) = (0, 0);
        while (NatsParser.Parse(input[consumed..], Rules, out var frame).Status == NatsParseStatus.Complete)
        {
            var rest = input[consumed..];
            // The C# client marks its requests by a header, so they come as HMSG.
            if (frame.Op is NatsOp.Msg or NatsOp.HMsg) written += Reply(rest, frame, _output.AsSpan(written));
            if (frame.Op == NatsOp.Ping) written += Encoding.ASCII.GetBytes("PONG\r\n", _output.AsSpan(written));
            consumed += frame.Consumed;
        }

        if (written > 0) _client.Send(_output.AsSpan(0, written));
        return consumed;
    }

    private static int Reply(ReadOnlySpan<byte> input, in NatsFrame frame, Span<byte> output)
    {
        "PUB "u8.CopyTo(output);
        var length = 4;
        frame.ReplyTo.Of(input).CopyTo(output[length..]);
        length += frame.ReplyTo.Length;
        output[length++] = (byte)' ';
        frame.Payload.Length.TryFormat(output[length..], out var digits, provider: CultureInfo.InvariantCulture);
        length += digits;
        "\r\n"u8.CopyTo(output[length..]);
        length += 2;
        frame.Payload.Of(input).CopyTo(output[length..]);
        length += frame.Payload.Length;
        "\r\n"u8.CopyTo(output[length..]);
        return length + 2;
    }
}
