using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Bus.Cli.Input;
using Bus.Core.Client;

namespace Bus.Cli.Demo.Workers;

/// <summary>
/// Streams the lines of a file at an even rate, again and again, until it is told to finish; at least once in full. Then
/// says how many went to which topic.
/// </summary>
internal sealed class PublisherWorker(IBus bus, WorkerChannel channel, string path, int rate)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan ReportPeriod = TimeSpan.FromMilliseconds(200);

    private readonly TimeProvider _time = TimeProvider.System;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Dictionary<string, long> _topics = [];
    private long _sent;
    private long _reported;

    public async Task RunAsync()
    {
        WorkerChannel.Tell(new(WorkerEvent.Ready));
        await channel.ExpectAsync(WorkerChannel.Start);
        var finish = channel.ExpectAsync(WorkerChannel.Finish);
        using var ticks = new PeriodicTimer(Tick, _time);
        var started = _time.GetTimestamp();
        _reported = started;
        do await StreamAsync(started, ticks, finish);
        while (!finish.IsCompleted);
        await bus.FlushAsync(channel.Token);
        WorkerChannel.Tell(new(WorkerEvent.Done, _sent, Convert.ToHexString(_hash.GetCurrentHash()), _topics));
        await channel.ExpectAsync(WorkerChannel.Exit);
    }

    private async Task StreamAsync(long started, PeriodicTimer ticks, Task finish)
    {
        var wholeFile = _sent == 0;
        await using var file = File.OpenRead(path);
        var lines = new LineReader(file);
        while (await lines.FillAsync(channel.Token))
        {
            while (lines.TryRead(out var line))
            {
                await PublishAsync(line);
                if ((_sent & 63) != 0) continue;
                if (finish.IsCompleted && !wholeFile) return;
                while (_sent > _time.GetElapsedTime(started).TotalSeconds * rate) await ticks.WaitForNextTickAsync(channel.Token);
                Report();
            }
        }
    }

    private async ValueTask PublishAsync(ReadOnlyMemory<byte> line)
    {
        var topic = LineTopic.Of(line.Span);
        CollectionsMarshal.GetValueRefOrAddDefault(_topics, topic, out _)++;
        _hash.AppendData(line.Span);
        _hash.AppendData("\n"u8);
        _sent++;
        await bus.PublishAsync(topic, line, cancellationToken: channel.Token);
    }

    private void Report()
    {
        if (_time.GetElapsedTime(_reported) < ReportPeriod) return;
        _reported = _time.GetTimestamp();
        WorkerChannel.Tell(new(WorkerEvent.Progress, _sent));
    }
}
