using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>Refuses options that make no sense, where they are given.</summary>
internal static class OptionChecks
{
    /// <returns>The options, or the default ones.</returns>
    public static SubscriptionOptions Check(SubscriptionOptions? options)
    {
        if (options is null) return new SubscriptionOptions();
        if (options.Queue is not null) Topic.ValidateQueue(options.Queue);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaxMessages);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Capacity);
        ArgumentNullException.ThrowIfNull(options.OnFailure);
        ArgumentNullException.ThrowIfNull(options.Use);
        ArgumentOutOfRangeException.ThrowIfNegative(options.DuplicateWindow.Ticks, nameof(options.DuplicateWindow));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxRemembered);
        if (options.OnFailure.MaxRestarts is { } restarts) ArgumentOutOfRangeException.ThrowIfNegative(restarts);
        if (options.OnFailure.Within <= TimeSpan.Zero || options.OnFailure.Within > TimeSpan.FromDays(1))
            throw new ArgumentOutOfRangeException(nameof(options), options.OnFailure.Within, "FailurePolicy.Within has to be more than zero and at most a day.");
        if (!Enum.IsDefined(options.WhenFull)) throw new ArgumentOutOfRangeException(nameof(options), options.WhenFull, "WhenFull has to be a value of SubscriptionOverflow.");
        if (!Enum.IsDefined(options.ErrorDetail)) throw new ArgumentOutOfRangeException(nameof(options), options.ErrorDetail, "ErrorDetail has to be a value of ErrorDetail.");
        if (options.StallTimeout <= TimeSpan.Zero || options.StallTimeout > TimeSpan.FromDays(1))
            throw new ArgumentOutOfRangeException(nameof(options), options.StallTimeout, "StallTimeout has to be more than zero and at most a day.");
        return options;
    }

    /// <summary>As <see cref="Check(SubscriptionOptions?)"/>, of a subscription that nothing can run around.</summary>
    public static SubscriptionOptions CheckWithoutHandler(SubscriptionOptions? options)
    {
        options = Check(options);
        return options.Use.Count == 0 ? options : throw new ArgumentException("Middleware (SubscriptionOptions.Use) runs around a handler, and this subscription has none: give it one, or leave the middleware out.", nameof(options));
    }

    /// <summary>Checks the timeout that the requests of a bus have when they name none.</summary>
    public static void CheckRequestTimeout(TimeSpan timeout)
    {
        if (!FacadeRequests.IsTimeout(timeout)) throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "RequestTimeout has to be more than zero and at most a day, or Timeout.InfiniteTimeSpan.");
    }

    /// <returns>The options, or the default ones.</returns>
    public static TopicRefOptions Check(TopicRefOptions? options, string topic)
    {
        options ??= new TopicRefOptions();
        if (options.Timeout is { } timeout) FacadeRequests.CheckTimeout(timeout, topic);
        return options;
    }
}
