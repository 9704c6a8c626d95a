using Bus.Core.Client;

namespace Bus.Cli.Output;

/// <summary>Prints one reply.</summary>
internal static class ReplyPrinter
{
    /// <param name="reply">The reply.</param>
    /// <param name="kind">Who was asked, for JSON: a <c>topic</c>, or a <c>client</c>.</param>
    /// <param name="name">Its name.</param>
    /// <param name="json">As a JSON object a line, instead of its bytes.</param>
    /// <param name="newline">Whether a line feed stands behind the bytes.</param>
    public static void Print(BusMessage<ReadOnlyMemory<byte>> reply, string kind, string name, bool json, bool newline)
    {
        using var output = StandardOutput.Open();
        using var writer = new JsonMessageWriter();
        if (json) writer.Write(reply, kind, name, output);
        else output.Write(reply.Payload.Span);
        if (!json && newline) output.Write("\n"u8);
        output.Flush();
    }
}
