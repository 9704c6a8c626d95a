using System.Threading.Channels;

namespace Pomodoro.Tui;

/// <summary>The keys that are pressed. Without a terminal there are none.</summary>
internal sealed class Keyboard
{
    private readonly Channel<ConsoleKeyInfo> _keys = Channel.CreateUnbounded<ConsoleKeyInfo>();

    public ChannelReader<ConsoleKeyInfo> Read()
    {
        // Reading a key cannot be cancelled: a thread of its own, which ends with the process.
        if (!Console.IsInputRedirected) new Thread(Listen) { IsBackground = true, Name = "keys" }.Start();
        return _keys.Reader;
    }

    private void Listen()
    {
        while (true) _keys.Writer.TryWrite(Console.ReadKey(intercept: true));
    }
}
