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

    public static OutgoingMessage Create<T>(byte[] topic, string? replyTo, BusHeaders? headers, bool isRequest, T payload, PayloadCodec codec, string topicName, ReplyFormat? reply = null)
    {
        var message = _mine;
        if (message is not null) _mine = null;
        else if (!Pool.TryDequeue(out message)) message = new OutgoingMessage();
        try
        {
            var writer = codec.Writer<T>(headers, reply);
            var type = writer.Line;
            if (type.Length > 0 && (Payloads.IsRaw(payload) || headers?.Contains(ContentHeaders.Type) == true)) type = [];
            message.Fill(topic, replyTo);
            message.FillHeaders(headers, isRequest, type);
            Payloads.Write(payload, message, writer.Serializer, topicName);
            if (message.IsToBeCompressed(headers, codec.Compression, reply)) message.Compress(headers, isRequest, type, codec.Compression);
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

    private void Fill(byte[] topic, string? replyTo)
    {
        this.Write(topic);
        TopicLength = topic.Length;
        if (replyTo is not null) ReplyLength = (int)Encoding.UTF8.GetBytes(replyTo, this);
    }

    private void FillHeaders(BusHeaders? headers, bool isRequest, ReadOnlySpan<byte> type, ReadOnlySpan<byte> encoding = default)
    {
        var length = HeaderBlock.Measure(headers, isRequest, type.Length + encoding.Length);
        if (length == 0) return;
        HeaderBlock.Write(headers, GetSpan(length), isRequest, type, encoding);
        HeaderLength = length;
        Advance(length);
    }

    private bool IsToBeCompressed(BusHeaders? headers, CompressionOptions options, ReplyFormat? reply) =>
        options.Above is { } above
        && BodyLength - HeaderLength > above
        && BodyLength - HeaderLength <= options.MaxDecompressed
        && reply is null or { IsCompressible: true }
        && headers?.Contains(ContentHeaders.Encoding) != true
        && SystemTopics.CarriesPayload(Topic);

    /// <summary>Puts header block and payload in place once more, if they become smaller by it.</summary>
    private void Compress(BusHeaders? headers, bool isRequest, ReadOnlySpan<byte> type, CompressionOptions options)
    {
        var encoding = PayloadCompression.Line(options.Method);
        var room = BodyLength - HeaderBlock.Measure(headers, isRequest, type.Length + encoding.Length) - 1;
        if (room <= 0) return;
        var compressed = ArrayPool<byte>.Shared.Rent(room);
        try
        {
            var length = PayloadCompression.Compress(Body[HeaderLength..], compressed.AsSpan(0, room), options);
            if (length == 0) return;
            (_length, HeaderLength) = (TopicLength + ReplyLength, 0);
            FillHeaders(headers, isRequest, type, encoding);
            this.Write(compressed.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(compressed);
        }
    }

    private void Reserve(int size)
    {
        var needed = (long)_length + Math.Max(size, 1);
        if (needed <= _bytes.Length) return;
        if (needed > Array.MaxLength) throw new InvalidOperationException($"A message of more than {Array.MaxLength} bytes cannot be built.");
        Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _bytes.Length)));
    }
}
