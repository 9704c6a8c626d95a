using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Rpc;

namespace Bus.Core.Contracts;

/// <summary>What the generated code of contracts calls. Not meant for anything else.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ContractRuntime
{
    /// <summary>How one method is called.</summary>
    /// <param name="options">How all are.</param>
    /// <param name="timeoutMs">Its own timeout. 0: none.</param>
    /// <param name="safeToRetry">Whether it may be sent again.</param>
    /// <param name="cacheMs">How old an answer may be. 0: each call is made.</param>
    public static ServiceCallOptions OptionsOf(ServiceCallOptions options, int timeoutMs, bool safeToRetry, int cacheMs)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options with
        {
            Timeout = options.Timeout ?? (timeoutMs > 0 ? TimeSpan.FromMilliseconds(timeoutMs) : null),
            SafeToRetry = options.SafeToRetry || safeToRetry,
            // Not those that do something, whatever the options say of all.
            CacheFor = cacheMs > 0 ? options.CacheFor ?? TimeSpan.FromMilliseconds(cacheMs) : null,
        };
    }

    /// <summary>How one method is called whose calls are streams.</summary>
    /// <param name="options">How all are.</param>
    public static StreamCallOptions StreamOptionsOf(ServiceCallOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var streams = options.Streams ?? new StreamCallOptions();
        return streams with
        {
            Timeout = options.Timeout ?? streams.Timeout,
            Instance = options.Instance ?? streams.Instance,
            Headers = options.Headers ?? streams.Headers,
            FailFast = options.FailFast || streams.FailFast,
        };
    }

    /// <summary>The value of a parameter that must not be null.</summary>
    /// <param name="value">What was read.</param>
    /// <param name="parameter">Its name.</param>
    /// <param name="context">The call.</param>
    /// <exception cref="PayloadFormatException">It is null. The caller hears of a bad request.</exception>
    public static T NotNull<T>(T? value, string parameter, CallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return value ?? throw new PayloadFormatException($"The value '{parameter}' of the method '{context.Service}.{context.Method}' must not be null.", context.Message.Topic);
    }

    /// <summary>Checks the value of a parameter.</summary>
    /// <param name="value">What was read.</param>
    /// <param name="parameter">Its name.</param>
    /// <param name="rules">Its validation attributes.</param>
    /// <param name="context">The call; the attributes find it in their <see cref="ValidationContext.ObjectInstance"/>.</param>
    /// <exception cref="RemoteErrorException">One refuses it. The caller hears of a bad request, with its text.</exception>
    public static void Check<T>(T value, string parameter, ValidationAttribute[] rules, CallContext context)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(context);
        var place = new ValidationContext(context, parameter, serviceProvider: null, items: null) { MemberName = parameter };
        foreach (var rule in rules)
        {
            if (rule.GetValidationResult(value, place) is { } refused) throw new RemoteErrorException($"The value '{parameter}' of the method '{context.Service}.{context.Method}' is refused: {refused.ErrorMessage}", 400, BusErrors.BadRequest);
        }
    }
}
