using System.Buffers.Binary;

namespace Bus.Transport.Nats;

/// <summary>Finds the verb at the start of a frame: one integer load, folded to upper case, switched on the first three letters, which differ for all verbs.</summary>
internal static class NatsVerb
{
    // 0xDF clears the bit between the cases of a letter. Only a letter's own lower case aliases it; '+' and '-' alias control characters and are compared as they are.
    private const uint Fold = 0x00DFDFDF;

    private const uint Pub = 'P' | ('U' << 8) | ('B' << 16);
    private const uint Msg = 'M' | ('S' << 8) | ('G' << 16);
    private const uint HPub = 'H' | ('P' << 8) | ('U' << 16);
    private const uint HMsg = 'H' | ('M' << 8) | ('S' << 16);
    private const uint Sub = 'S' | ('U' << 8) | ('B' << 16);
    private const uint Unsub = 'U' | ('N' << 8) | ('S' << 16);
    private const uint Ping = 'P' | ('I' << 8) | ('N' << 16);
    private const uint Pong = 'P' | ('O' << 8) | ('N' << 16);
    private const uint Connect = 'C' | ('O' << 8) | ('N' << 16);
    private const uint Info = 'I' | ('N' << 8) | ('F' << 16);
    private const uint Ok = Fold & ('+' | ('O' << 8) | ('K' << 16));
    private const uint Err = Fold & ('-' | ('E' << 8) | ('R' << 16));

    /// <summary>The op that the first three of at least four bytes select (its further letters are still to be compared), or None.</summary>
    public static NatsOp Guess(ReadOnlySpan<byte> input) => (BinaryPrimitives.ReadUInt32LittleEndian(input) & Fold) switch
    {
        Pub => NatsOp.Pub,
        Msg => NatsOp.Msg,
        HPub => NatsOp.HPub,
        HMsg => NatsOp.HMsg,
        Sub => NatsOp.Sub,
        Unsub => NatsOp.Unsub,
        Ping => NatsOp.Ping,
        Pong => NatsOp.Pong,
        Connect => NatsOp.Connect,
        Info => NatsOp.Info,
        Ok when input[0] == (byte)'+' => NatsOp.Ok,
        Err when input[0] == (byte)'-' => NatsOp.Err,
        _ => NatsOp.None,
    };

    public static ReadOnlySpan<byte> Text(NatsOp op) => op switch
    {
        NatsOp.Connect => "CONNECT"u8,
        NatsOp.Pub => "PUB"u8,
        NatsOp.HPub => "HPUB"u8,
        NatsOp.Sub => "SUB"u8,
        NatsOp.Unsub => "UNSUB"u8,
        NatsOp.Ping => "PING"u8,
        NatsOp.Pong => "PONG"u8,
        NatsOp.Ok => "+OK"u8,
        NatsOp.Err => "-ERR"u8,
        NatsOp.Info => "INFO"u8,
        NatsOp.Msg => "MSG"u8,
        NatsOp.HMsg => "HMSG"u8,
        _ => default,
    };

    /// <summary>Whether input and verb agree in all the bytes that both have, in any letter case.</summary>
    public static bool Agrees(ReadOnlySpan<byte> input, ReadOnlySpan<byte> verb)
    {
        var count = Math.Min(input.Length, verb.Length);
        for (var i = 0; i < count; i++)
        {
            var given = input[i];
            if (given is >= (byte)'a' and <= (byte)'z') given -= 'a' - 'A';
            if (given != verb[i]) return false;
        }

        return true;
    }

    /// <summary>Whether fewer than four bytes can still become a verb that the rules accept.</summary>
    public static bool CanBegin(ReadOnlySpan<byte> input, NatsRules rules)
    {
        for (var op = NatsOp.Connect; op <= NatsOp.HMsg; op++)
        {
            if (rules.Accepts(op) && Agrees(input, Text(op))) return true;
        }

        return false;
    }
}
