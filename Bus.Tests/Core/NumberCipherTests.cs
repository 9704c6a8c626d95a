using System.Buffers.Binary;
using Bus.Core;

namespace Bus.Tests.Core;

public sealed class NumberCipherTests
{
    /// <summary>The vector of eight bytes that comes with the reference implementation.</summary>
    [Fact]
    public void It_is_SipHash_2_4()
    {
        var cipher = new NumberCipher([.. Enumerable.Range(0, 16).Select(n => (byte)n)]);
        var code = cipher.Of(BinaryPrimitives.ReadUInt64LittleEndian([0, 1, 2, 3, 4, 5, 6, 7]));
        Assert.Equal(0x93f5f5799a932462, code);
    }

    [Fact]
    public void Each_has_a_key_of_its_own() => Assert.NotEqual(new NumberCipher().Of(1), new NumberCipher().Of(1));
}
