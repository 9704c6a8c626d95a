using System.Text;
using Bus.Benchmarks.Client;

namespace Bus.Benchmarks.Allocations;

/// <summary>A chunk of messages from one client, and how many bytes of it arrive at others.</summary>
internal sealed class Flow(RawClient publisher, string chunk, params (RawClient Client, int Bytes)[] receivers)
{
    private readonly byte[] _chunk = Encoding.ASCII.GetBytes(chunk);

    /// <summary>Sends chunks, and waits for the oldest as soon as so many are under way.</summary>
    public void Run(int chunks, int ahead = 1)
    {
        for (var i = 0; i < chunks + ahead - 1; i++)
        {
            if (i < chunks) publisher.Send(_chunk);
            if (i >= ahead - 1) Receive();
        }
    }

    public static string Frames(int count, Func<int, string> frame) => string.Concat(Enumerable.Range(0, count).Select(frame));

    public static string Pub(string topicAndReply, int size) => $"PUB {topicAndReply} {size}\r\n{new string('x', size)}\r\n";

    /// <summary>The bytes of what a subscriber gets of <see cref="Pub"/>.</summary>
    public static int MsgBytes(string topic, string sidAndReply, int size) => $"MSG {topic} {sidAndReply} {size}\r\n".Length + size + 2;

    private void Receive()
    {
        foreach (var (client, bytes) in receivers) client.Receive(bytes);
    }
}
