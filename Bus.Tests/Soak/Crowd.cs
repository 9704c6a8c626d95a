using Bus.Tests.Processes;

namespace Bus.Tests.Soak;

/// <summary>Real client processes that are started, killed, frozen, thawed and ended at any moment.</summary>
internal sealed class Crowd(string unix, string tcp) : IAsyncDisposable
{
    private const int Most = 5;

    private static readonly string[][] Kinds =
    [
        ["sub", "soak.>", "--quiet"],
        ["sub", "soak.1.*", "soak.2.*", "--queue", "crowd", "--quiet"],
        ["reply", Traffic.Service, "--queue", "service", "--quiet"],
        ["reply", "soaksvc.ask", "--quiet"],
        ["inbox", "{name}", "--will", "soaksvc.wills={name}", "--quiet"],
        ["watch", "presence"],
    ];

    private readonly List<ToolProcess> _running = [];
    private readonly List<ToolProcess> _frozen = [];
    private int _last;

    public int Started => _last;

    /// <summary>What those said who ended by themselves, which they are not to.</summary>
    public List<string> Gone { get; } = [];

    public void Start(Random random)
    {
        if (_running.Count + _frozen.Count >= Most) return;
        var (kind, url, name) = (Kinds[random.Next(Kinds.Length)], random.Next(2) == 0 ? unix : tcp, $"crowd-{++_last}");
        _running.Add(ToolProcess.StartIpcBus([.. kind.Select(argument => argument.Replace("{name}", name, StringComparison.Ordinal)), "--url", url, "--wait", "1m"]));
    }

    public async Task KillAsync(Random random)
    {
        if (Take(random.Next(2) == 0 && _frozen.Count > 0 ? _frozen : _running, random) is not { } victim) return;
        await victim.SignalAsync("KILL");
        await victim.DisposeAsync();
    }

    /// <summary>Ends one in good order.</summary>
    public async Task EndAsync(Random random)
    {
        if (Take(_running, random) is not { } one) return;
        await one.SignalAsync("TERM");
        await one.ExitAsync();
        await one.DisposeAsync();
    }

    public async Task FreezeAsync(Random random)
    {
        if (Take(_running, random) is not { } one) return;
        await one.SignalAsync("STOP");
        _frozen.Add(one);
    }

    public async Task ThawAsync(Random random)
    {
        if (Take(_frozen, random) is not { } one) return;
        await one.SignalAsync("CONT");
        _running.Add(one);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _running.Concat(_frozen))
        {
            if (process.HasExited) Gone.Add($"{process.Id}: {process.Errors.Text}");
            await process.DisposeAsync();
        }

        _running.Clear();
        _frozen.Clear();
    }

    private ToolProcess? Take(List<ToolProcess> from, Random random)
    {
        if (from.Count == 0) return null;
        var taken = from[random.Next(from.Count)];
        from.Remove(taken);
        if (taken.HasExited) Gone.Add($"{taken.Id}: {taken.Errors.Text}");
        return taken;
    }
}
