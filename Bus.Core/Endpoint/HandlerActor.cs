using System.Runtime.ExceptionServices;

namespace Bus.Core.Endpoint;

/// <summary>
/// Runs the user's handler, one message at a time. A handler that throws fails this actor, in its own turn, and the
/// subscription's policy decides; the message that failed is gone, the next one reaches the next incarnation.
/// </summary>
internal sealed class HandlerActor(SubscriptionCore core) : UntypedActor
{
    // Messages handled in one turn when the handler never waits. Others want the thread too.
    private const int Quota = 256;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Drain:
                Run();
                break;
            case HandlerFailed { Error: var error }:
                Fail(error);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Run()
    {
        ConsumerContext.Enter(core);
        try
        {
            for (var n = 0; n < Quota; n++)
            {
                if (!core.Buffer.TryTake(out var message))
                {
                    if (core.Buffer.IsCompleted && core.Buffer.Count == 0)
                    {
                        Context.Stop(Self);
                        return;
                    }

                    if (core.Buffer.TrySleep()) return;
                    continue;
                }

                if (!Handle(core.Handler!(message, core.Ended))) return;
            }
        }
        catch (Exception e) when (!IsFailure(e))
        {
            // Cancelled because the subscription ends: what the handler was asked to do.
        }
        catch
        {
            // In front of the failure: this incarnation may be the last to hear of it.
            Self.Tell(Drain.Instance, Self);
            throw;
        }
        finally
        {
            ConsumerContext.Exit(core);
        }

        Self.Tell(Drain.Instance, Self);
    }

    /// <returns>Whether it is done. If not, it will be told.</returns>
    private bool Handle(ValueTask handling)
    {
        if (handling.IsCompletedSuccessfully)
        {
            handling.GetAwaiter().GetResult();
            return true;
        }

        handling.AsTask().PipeTo(Self, Self, () => Drain.Instance, error => IsFailure(error) ? new HandlerFailed(error) : Drain.Instance);
        return false;
    }

    private void Fail(Exception error)
    {
        Self.Tell(Drain.Instance, Self);
        ExceptionDispatchInfo.Throw(error);
    }

    private bool IsFailure(Exception error) => error is not OperationCanceledException || !core.Ended.IsCancellationRequested;

    /// <summary>There may be messages.</summary>
    internal sealed class Drain
    {
        public static readonly Drain Instance = new();
    }

    private sealed record HandlerFailed(Exception Error);
}
