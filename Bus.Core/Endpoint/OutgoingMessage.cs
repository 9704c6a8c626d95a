using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>
/// A message that a caller builds: topic, reply-to, header block and payload in one block of bytes that is reused. It is copied
/// into a batch in the caller's turn; that of a request goes to the endpoint actor. Whoever has copied it calls <see cref="Return"/>.
/// </summary>
internal sealed class OutgoingMessage : IBufferWriter<byte>
{
    // A large payload now and then must not stay in the pool.
    private const int KeptBytes = 64 * 1024;
    private const int KeptMessages = 1024;

    /// <summary>What a message weighs besides its bytes.</summary>
    public const int Overhead = 64;

    private static readonly ConcurrentQueue<OutgoingMessage> Pool = new();

    // Who publishes gives it back on the same thread a moment later.
    [ThreadStatic]
    private static OutgoingMessage? _mine;

    private byte[] _bytes = new byte[256];
    private int _length;
    private CreditWindow? _window;

    private OutgoingMessage()
    {
    }

    public int TopicLength { get; private set; }

    public int ReplyLength { get; private set; }

    public int HeaderLength { get; private set; }

    public int BodyLength => _length - TopicLength - ReplyLength;

    /// <summary>All of it: topic, reply-to, header block and payload.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public ReadOnlySpan<byte> Topic => _bytes.AsSpan(0, TopicLength);

    public ReadOnlySpan<byte> ReplyTo => _bytes.AsSpan(TopicLength, ReplyLength);

    /// <summary>Header block and payload.</summary>
    public ReadOnlySpan<byte> Body => _bytes.AsSpan(TopicLength + ReplyLength, BodyLength);

    /// <summary>What it weighs in the window, in bytes.</summary>
    public long Weight => _length + Overhead;

    /// <summary>The fact that it is counted in <paramref name="window"/>, and leaves it with <see cref="Return"/>.</summary>
    public void CountedIn(CreditWindow window) => _window = window;

    public static OutgoingMessage Create<T>(byte[] topic, string? replyTo, BusHeaders? headers, bool isRequest, T payload, IBusSerializer serializer, string topicName)
    {
        var message = _mine;
        if (message is not null) _mine = null;
        else if (!Pool.TryDequeue(out message)) message = new OutgoingMessage();
        try
        {
            message.Fill(topic, replyTo, headers, isRequest);
            Payloads.Write(payload, message, serializer, topicName);
            return message;
        }
        catch
        {
            message.Return();
            throw;
        }
    }

    /// <summary>Leaves the window and goes back to the pool.</summary>
    public void Return()
    {
        var (window, weight) = (_window, Weight);
        (_window, _length, TopicLength, ReplyLength, HeaderLength) = (null, 0, 0, 0, 0);
        if (_bytes.Length <= KeptBytes)
        {
            if (_mine is null) _mine = this;
            else if (Pool.Count < KeptMessages) Pool.Enqueue(this);
        }

        window?.Leave(weight);
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_length);
    }

    private void Fill(byte[] topic, string? replyTo, BusHeaders? headers, bool isRequest)
    {
        this.Write(topic);
        TopicLength = topic.Length;
        if (replyTo is not null) ReplyLength = (int)Encoding.UTF8.GetBytes(replyTo, this);
        var length = HeaderBlock.Measure(headers, isRequest);
        if (length == 0) return;
        HeaderBlock.Write(headers, GetSpan(length), isRequest);
        HeaderLength = length;
        Advance(length);
    }

    private void Reserve(int size)
    {
        var needed = (long)_length + Math.Max(size, 1);
        if (needed <= _bytes.Length) return;
        if (needed > Array.MaxLength) throw new InvalidOperationException($"A message of more than {Array.MaxLength} bytes cannot be built.");
        Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _bytes.Length)));
    }
}
