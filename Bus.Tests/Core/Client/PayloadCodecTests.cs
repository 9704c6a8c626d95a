using System.Buffers;
using System.Text;
using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Core.Messages;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Core.Client;

public sealed class PayloadCodecTests
{
    [Theory]
    [InlineData("")]
    [InlineData("json")]
    [InlineData("a/b/c")]
    [InlineData("a/b; c=d")]
    [InlineData("a/b\r\nBus-Request: 1")]
    [InlineData("a/ü")]
    public void A_content_type_that_cannot_be_sent_is_refused_at_the_start(string contentType)
    {
        var error = Assert.Throws<ArgumentException>(() => new Bus.Core.Hosting.IpcBusOptions { Serializers = [new Named(contentType)] }.Validate());
        Assert.Contains(nameof(Named), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_serializer_of_two_methods_is_enough()
    {
        IBusSerializer named = new Named(null);
        Assert.Equal((null, false, true, false), (named.ContentType, named.SendsContentType, named.Supports(typeof(int)), named.Reads("a/b")));
        Assert.True(new PayloadCodec(named).IsPlain);
        Assert.True(PayloadCodec.Default.IsPlain);
    }

    [Fact]
    public void Whatever_a_peer_calls_its_payload_is_read_or_named_in_one_line()
    {
        var codec = new PayloadCodec(JsonBusSerializer.Default, [new Named("a/b")]);
        var pieces = Gen.Elements("a/b", "application/json", ";", "charset=", "utf-8", "\"", " ", "\t", "/", "\0", "\u00ff", "+json", new string('x', 200));
        Prop.ForAll(Gen.ListOf(pieces).Select(p => Encoding.Latin1.GetBytes(string.Concat(p))).ToArbitrary(), type =>
        {
            try
            {
                Assert.NotNull(codec.Reader<int>(type, 1, "t"));
            }
            catch (PayloadFormatException e)
            {
                Assert.NotNull(e.UnsupportedType);
                Assert.DoesNotContain(e.Message, char.IsControl);
                Assert.True(e.Message.Length < 1000);
            }
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("text/plain", true)]
    [InlineData("text/plain; charset=UTF-8", true)]
    [InlineData("text/plain;charset=\"utf-8\"; format=flowed", true)]
    [InlineData("text/plain; charset=us-ascii", true)]
    [InlineData("text/plain; charset=utf-16", false)]
    [InlineData("text/plain; a=b; CHARSET=latin1", false)]
    [InlineData(";;;", true)]
    [InlineData("", true)]
    public void Only_UTF_8_is_UTF_8(string contentType, bool isUtf8) => Assert.Equal(isUtf8, ContentHeaders.IsUtf8(Encoding.ASCII.GetBytes(contentType)));

    /// <summary>Several serializers and compression cost a message that needs neither no memory.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_message_without_content_headers_allocates_nothing(bool more)
    {
        var codec = more ? new PayloadCodec(JsonBusSerializer.Default, [new Named("a/b")], new CompressionOptions { Above = 1000 }) : PayloadCodec.Default;
        var (topic, payload) = ("t"u8.ToArray(), new byte[100]);
        for (var i = 0; i < 100; i++) Send();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Send();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);

        void Send() => OutgoingMessage.Create(topic, replyTo: null, headers: null, isRequest: true, payload, codec, "t").Return();
    }

    private sealed class Named(string? contentType) : IBusSerializer
    {
        public string? ContentType => contentType;

        public void Serialize<T>(T value, IBufferWriter<byte> target) => throw new NotSupportedException();

        public T Deserialize<T>(ReadOnlyMemory<byte> payload) => throw new NotSupportedException();
    }
}
