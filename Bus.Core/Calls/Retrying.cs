using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Bus.Core.Calls;

/// <summary>Makes calls as <see cref="RetryOptions"/> say. Polly does the work; nothing of it shows. Thread-safe.</summary>
internal sealed class Retrying
{
    private static readonly ResiliencePropertyKey<Progress> ProgressKey = new("progress");

    private readonly RetryOptions _options;
    private readonly ResiliencePipeline _pipeline;

    public Retrying(RetryOptions options)
    {
        options.Validate();
        _options = options;
        var builder = new ResiliencePipelineBuilder { TimeProvider = options.Time };
        builder.AddTimeout(new TimeoutStrategyOptions { Timeout = options.Timeout });
        if (options.MaxAttempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.MaxAttempts - 1,
                BackoffType = DelayBackoffType.Exponential,
                Delay = options.MinDelay,
                MaxDelay = options.MaxDelay,
                UseJitter = options.Jitter,
                ShouldHandle = arguments => new(arguments.Outcome.Exception is { } error && !arguments.Context.CancellationToken.IsCancellationRequested && options.ShouldRetry(error)),
                OnRetry = ToldAsync,
            });
        }

        _pipeline = builder.Build();
    }

    /// <exception cref="RetryTimeoutException">The time was up.</exception>
    public async Task<T> CallAsync<T>(Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var progress = new Progress();
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(ProgressKey, progress);
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (context, state) =>
                {
                    state.Progress.Begun++;
                    return await state.Call(context.CancellationToken);
                },
                context,
                (Call: call, Progress: progress));
        }
        catch (TimeoutRejectedException)
        {
            throw new RetryTimeoutException(_options.Timeout, progress.Begun, progress.LastError);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private ValueTask ToldAsync(OnRetryArguments<object> arguments)
    {
        var error = arguments.Outcome.Exception!;
        if (arguments.Context.Properties.TryGetValue(ProgressKey, out var progress)) progress.LastError = error;
        _options.OnRetry?.Invoke(new RetryAttempt(arguments.AttemptNumber + 1, error, arguments.RetryDelay));
        return default;
    }

    private sealed class Progress
    {
        public int Begun { get; set; }

        public Exception? LastError { get; set; }
    }
}
