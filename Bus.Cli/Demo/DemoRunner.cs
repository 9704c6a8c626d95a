using Bus.Cli.Demo.Workers;
using Bus.Cli.Execution;
using Bus.Core.Client;
using Bus.Transport.Client;

namespace Bus.Cli.Demo;

/// <summary>The course of the demo. Whatever happens, its processes are gone and its directory is removed when it returns.</summary>
internal sealed class DemoRunner : IAsyncDisposable
{
    private const int Workers = 2;
    private const int Held = 3;
    private const int LinesPerSecond = 20_000;
    private static readonly TimeSpan Phase = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Outage = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FileInfo _file;
    private readonly DemoReport _report;
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ipcbus-demo-");
    private readonly List<WorkerProcess> _processes = [];
    private readonly List<SubscriberResult> _subscribers = [];
    private readonly CancellationToken _cancelled;
    private readonly string _url;

    private DemoRunner(FileInfo file, DemoReport report, CancellationToken cancelled)
    {
        _file = file;
        _report = report;
        _cancelled = cancelled;
        _url = $"unix://{Path.Combine(_directory.FullName, "bus.sock")}";
    }

    /// <summary>Runs it. A given file is streamed in full at least once, so a large one makes it longer.</summary>
    public static async Task<int> RunAsync(FileInfo? given, CancellationToken cancellationToken)
    {
        var file = given ?? DemoFile.Find();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience + TimeSpan.FromSeconds(file.Length / 2_000_000.0));
        var report = new DemoReport(TimeProvider.System);
        try
        {
            await using var demo = new DemoRunner(file, report, limit.Token);
            var result = await report.LiveAsync(demo.RunAsync);
            return report.Summarise(result) ? ExitCode.Ok : ExitCode.Failed;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FailureException($"the demo did not end in time; it hung at: {report.LastStep}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Subscribers before the bus, so that nobody spends time on reconnecting.
        foreach (var process in Enumerable.Reverse(_processes)) await process.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private async Task<DemoResult> RunAsync()
    {
        _report.Step("file", $"{_file.FullName} ({_file.Length:N0} bytes)");
        var daemon = Start("bus", ["serve", "--listen", _url, "--stop-on-eof"]);
        await daemon.ExpectLineAsync("listening on", _cancelled);
        _report.Step("bus", $"process {daemon.Id} listens on {_url}");

        var publisher = await StartAllAsync();
        var service = await StartServiceAsync("answers requests");
        await using var bus = await BusClient.ConnectAsync(_url, new BusClientOptions { Program = "ipcbus demo" }, _cancelled);
        await using var probe = new RequestProbe(bus, _time);

        await publisher.TellAsync(WorkerChannel.Start);
        probe.Start();
        _report.Step("publisher", $"process {publisher.Id} streams the file; requests go on all the time");
        await Task.Delay(Phase, _time, _cancelled);

        var held = await KillAsync(service, bus);
        await Task.Delay(Outage, _time, _cancelled);
        await StartServiceAsync("is back");
        await probe.NextAnswerAsync().WaitAsync(_cancelled);
        _report.Step("requests", "are answered again");
        await Task.Delay(Phase, _time, _cancelled);

        await probe.StopAsync();
        var sent = await CollectAsync(publisher);
        return new DemoResult(sent, _subscribers, held, probe);
    }

    private async Task<WorkerProcess> StartAllAsync()
    {
        Subscribe("every line", LineTopic.All);
        Subscribe("long lines", "text.*.long");
        Subscribe("lines with T", "text.t.*");
        for (var i = 1; i <= Workers; i++) Subscribe($"worker {i}", LineTopic.All, DemoResult.Queue);
        var rate = Math.Max(LinesPerSecond, (int)Math.Min(_file.Length / 200, int.MaxValue));
        var publisher = Start("publisher", ["demo-worker", "publisher", "--url", _url, "--file", _file.FullName, "--rate", $"{rate}"]);
        foreach (var subscriber in _subscribers) await subscriber.Process.ExpectAsync(WorkerEvent.Ready, _cancelled);
        _report.Step("subscribers", $"{_subscribers.Count} processes: {string.Join(", ", _subscribers.Select(s => s.Process.Name))}");
        await publisher.ExpectAsync(WorkerEvent.Ready, _cancelled);
        return publisher;
    }

    private async Task<WorkerProcess> StartServiceAsync(string what)
    {
        var service = Start("service", ["demo-worker", "service", "--url", _url]);
        await service.ExpectAsync(WorkerEvent.Ready, _cancelled);
        _report.Step("service", $"process {service.Id} {what}");
        return service;
    }

    /// <summary>Kills the service while it holds requests, and sees how each of them ends.</summary>
    private async Task<IReadOnlyList<HeldRequest>> KillAsync(WorkerProcess service, IBus bus)
    {
        var killed = 0L;
        var requests = Enumerable.Range(0, Held).Select(_ => HoldAsync()).ToList();
        for (var i = 0; i < Held; i++) await service.ExpectAsync(WorkerEvent.Holding, _cancelled);
        Volatile.Write(ref killed, _time.GetTimestamp());
        service.Kill();
        _report.Step("service", $"process {service.Id} is killed (SIGKILL) with {Held} requests in flight");
        var held = await Task.WhenAll(requests);
        foreach (var request in held) _report.Step("requests", $"one in flight ended {request.Milliseconds:0.0} ms after the kill: {request.Ending}");

        var next = _time.GetTimestamp();
        var ending = await EndingOfAsync(bus);
        _report.Step("requests", $"the next one ended after {_time.GetElapsedTime(next).TotalMilliseconds:0.0} ms: {ending}");
        return held;

        async Task<HeldRequest> HoldAsync()
        {
            var text = await EndingOfAsync(bus);
            return new HeldRequest(text, _time.GetElapsedTime(Volatile.Read(ref killed)).TotalMilliseconds);
        }
    }

    private async Task<string> EndingOfAsync(IBus bus)
    {
        try
        {
            await bus.RequestAsync<string, string>(ServiceWorker.Hold, "", TimeSpan.FromSeconds(10), _cancelled);
            return "answered";
        }
        catch (BusException e)
        {
            return e.GetType().Name;
        }
    }

    private async Task<WorkerEvent> CollectAsync(WorkerProcess publisher)
    {
        await publisher.TellAsync(WorkerChannel.Finish);
        var sent = await publisher.ExpectAsync(WorkerEvent.Done, _cancelled);
        _report.Step("publisher", $"has sent {sent.Count:N0} lines and the bus has all of them");
        foreach (var subscriber in _subscribers) await subscriber.Process.TellAsync(WorkerChannel.Finish);
        foreach (var subscriber in _subscribers) subscriber.Report = await subscriber.Process.ExpectAsync(WorkerEvent.Done, _cancelled);
        return sent;
    }

    private void Subscribe(string name, string filter, string? queue = null)
    {
        List<string> arguments = ["demo-worker", "subscriber", "--url", _url, "--filter", filter];
        if (queue is not null) arguments.AddRange(["--queue", queue]);
        _subscribers.Add(new SubscriberResult(Start(name, arguments), filter, queue));
    }

    private WorkerProcess Start(string name, IEnumerable<string> arguments)
    {
        var process = WorkerProcess.Start(name, arguments, told => _report.Progress($"{told.Count:N0} lines sent"));
        _processes.Add(process);
        return process;
    }
}
