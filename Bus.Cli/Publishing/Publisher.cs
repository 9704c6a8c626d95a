using Bus.Cli.Execution;
using Bus.Cli.Input;
using Bus.Cli.Output;
using Bus.Core.Client;

namespace Bus.Cli.Publishing;

/// <summary>Publishes to one topic, and leaves only when the bus has everything.</summary>
internal sealed class Publisher(BusSession session, string topic, PublishOptions options)
{
    public async Task PublishAsync(PayloadSource source, long count, CancellationToken cancellationToken)
    {
        var payload = await source.ReadAsync(session.Bus.MaxPayload, cancellationToken);
        var progress = Progress.OnTerminal();
        for (var i = 0L; i < count; i++)
        {
            await session.Bus.PublishAsync(topic, payload, options, cancellationToken);
            if (count > 1) progress.Add(payload.Length);
        }

        await session.FlushAsync(cancellationToken);
        progress.Finish();
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
                    await session.Bus.PublishAsync(topic, line, options, cancellationToken);
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

        progress.Finish();
    }
}
