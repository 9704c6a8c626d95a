using System.Globalization;
using Bus.Cli.Execution;
using Bus.Cli.Input;
using Bus.Cli.Output;
using Bus.Core.Client;

namespace Bus.Cli.Publishing;

/// <summary>Publishes to one topic, and leaves only when the bus has everything.</summary>
internal sealed class Publisher(BusSession session, string topic, PublishOptions options, bool confirm)
{
    private long _confirmed;
    private long _reached;

    public async Task PublishAsync(PayloadSource source, long count, CancellationToken cancellationToken)
    {
        var payload = await source.ReadAsync(session.Bus.MaxPayload, cancellationToken);
        var progress = Progress.OnTerminal();
        for (var i = 0L; i < count; i++)
        {
            await SendAsync(payload, cancellationToken);
            if (count > 1) progress.Add(payload.Length);
        }

        await session.FlushAsync(cancellationToken);
        progress.Finish();
        await ReportAsync();
    }

    public async Task PublishLinesAsync(PayloadSource source, CancellationToken cancellationToken)
    {
        await using var input = source.Open();
        var lines = new LineReader(input);
        var progress = Progress.OnTerminal();
        try
        {
            while (await lines.FillAsync(cancellationToken))
            {
                while (lines.TryRead(out var line))
                {
                    await SendAsync(line, cancellationToken);
                    progress.Add(line.Length + 1);
                }
            }

            await session.FlushAsync(cancellationToken);
        }
        catch (BusException e) when (e is not NoRespondersException)
        {
            progress.Break();
            throw new FailureException($"at line {lines.Count:N0}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            progress.Break();
            throw source.CannotRead(e);
        }

        progress.Finish();
        await ReportAsync();
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        if (!confirm)
        {
            await session.Bus.PublishAsync(topic, payload, options, cancellationToken);
            return;
        }

        var receipt = await session.Bus.PublishConfirmedAsync(topic, payload, options, timeout: null, cancellationToken);
        _confirmed++;
        _reached += receipt.Reached;
    }

    private Task ReportAsync() => confirm ? Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"confirmed {_confirmed}, reached {_reached}")) : Task.CompletedTask;
}
