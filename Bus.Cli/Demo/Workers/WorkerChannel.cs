using System.Threading.Channels;

namespace Bus.Cli.Demo.Workers;

/// <summary>
/// A worker's line to its parent: commands come in on stdin, events go out on stdout. When stdin ends the parent is gone,
/// whatever became of it, and <see cref="Token"/> is cancelled: no worker outlives its demo.
/// </summary>
internal sealed class WorkerChannel : IDisposable
{
    public const string Start = "start";
    public const string Finish = "finish";
    public const string Exit = "exit";

    private readonly Channel<string> _commands = Channel.CreateUnbounded<string>();
    private readonly CancellationTokenSource _ended;

    public WorkerChannel(CancellationToken interrupted)
    {
        _ended = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        _ = Task.Run(ReadAsync, CancellationToken.None);
    }

    public CancellationToken Token => _ended.Token;

    /// <summary>Waits for a command of the parent.</summary>
    public async Task ExpectAsync(string command)
    {
        while (await _commands.Reader.ReadAsync(Token) != command)
        {
        }
    }

    public static void Tell(WorkerEvent message)
    {
        lock (Console.Out) Console.Out.WriteLine(message.ToLine());
    }

    public void Dispose() => _ended.Dispose();

    private async Task ReadAsync()
    {
        while (await Console.In.ReadLineAsync(CancellationToken.None) is { } line) _commands.Writer.TryWrite(line);
        await _ended.CancelAsync();
    }
}
