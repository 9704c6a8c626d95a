// A log that many follow and many write to, over streams. The first argument says what to be: serve, follow or write; the second is the bus, or the user's own one is taken.
using System.Threading.Channels;
using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

var endpoint = args.Length > 1 ? BusEndpoint.Parse(args[1]) : BusEndpoint.Default;
await using var bus = await BusClient.ConnectAsync(endpoint);

try
{
    switch (args.FirstOrDefault())
    {
        case "serve":
            await ServeAsync();
            break;
        case "follow":
            // Ends when the service does, or with Ctrl-C; then the service hears of it and lets go of us.
            await foreach (var line in bus.CallStreamAsync<int, string>("log", "follow", 10)) Console.WriteLine(line);
            break;
        case "write":
            var written = await bus.CallUploadAsync<string, int>("log", "write", ReadLinesAsync());
            Console.WriteLine($"wrote {written} lines");
            break;
        default:
            Console.Error.WriteLine("Say what to be: serve, follow or write.");
            return 2;
    }
}
catch (BusException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}

return 0;

async Task ServeAsync()
{
    var log = new Log();
    await using var service = await bus.ServeAsync("log", s => s
        .Stream<int, string>("follow", (last, context) => log.FollowAsync(last, context.CancellationToken))
        .Upload<string, int>("write", async (lines, _) =>
        {
            var count = 0;
            await foreach (var line in lines)
            {
                log.Write(line);
                count++;
            }

            return count;
        }));
    Console.WriteLine("serving the log");
    await service.Completion;
}

static async IAsyncEnumerable<string> ReadLinesAsync()
{
    while (await Console.In.ReadLineAsync() is { } line) yield return line;
}

/// <summary>The lines, and those who follow.</summary>
internal sealed class Log
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<Channel<string>> _followers = [];

    public void Write(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            foreach (var follower in _followers) follower.Writer.TryWrite(line);
        }
    }

    public async IAsyncEnumerable<string> FollowAsync(int last, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Who is too slow loses the oldest lines, and not the log its memory.
        var mine = Channel.CreateBounded<string>(new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_lock)
        {
            foreach (var line in _lines.TakeLast(last)) mine.Writer.TryWrite(line);
            _followers.Add(mine);
        }

        try
        {
            await foreach (var line in mine.Reader.ReadAllAsync(cancellationToken)) yield return line;
        }
        finally
        {
            lock (_lock) _followers.Remove(mine);
        }
    }
}
