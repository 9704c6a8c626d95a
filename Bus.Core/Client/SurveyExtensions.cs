using System.Runtime.CompilerServices;

namespace Bus.Core.Client;

/// <summary>Asking everybody who subscribes to a topic. Needs an IpcBus, which says how many were asked.</summary>
public static class SurveyExtensions
{
    /// <summary>
    /// Asks everybody who subscribes to a topic, and collects the answers until all, or as many as are wanted, have come, or the deadline has. That nobody subscribes is
    /// a result too.
    /// </summary>
    /// <param name="bus">The bus.</param>
    /// <param name="topic">Where to; no wildcards.</param>
    /// <param name="question">The payload, as with a request. Whoever responds to requests answers surveys.</param>
    /// <param name="options">Deadline, count or quorum, headers. Default: 5 seconds, all.</param>
    /// <param name="cancellationToken">Gives the survey up.</param>
    /// <exception cref="ArgumentException">The topic is not valid, or an option makes no sense.</exception>
    /// <exception cref="BusRefusedException">The server is no IpcBus.</exception>
    /// <exception cref="RequestTimeoutException">The bus has not said in time whom it asked.</exception>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down before the survey had ended.</exception>
    public static async Task<SurveyResult<TResponse>> SurveyAsync<TRequest, TResponse>(this IBus bus, string topic, TRequest question, SurveyOptions? options = null, CancellationToken cancellationToken = default)
    {
        await using var survey = Begin<TResponse>(bus, topic, options);
        await survey.AskAsync(question, cancellationToken);
        var answers = new List<SurveyAnswer<TResponse>>();
        while (await survey.NextAsync() is { } answer) answers.Add(answer);
        return new SurveyResult<TResponse> { Asked = survey.Asked ?? 0, Answers = answers, IsComplete = survey.IsComplete };
    }

    /// <summary>As <see cref="SurveyAsync{TRequest, TResponse}"/>, with each answer as soon as it comes. Ending the enumeration ends the survey.</summary>
    public static async IAsyncEnumerable<SurveyAnswer<TResponse>> SurveyEachAsync<TRequest, TResponse>(this IBus bus, string topic, TRequest question, SurveyOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var survey = Begin<TResponse>(bus, topic, options);
        await survey.AskAsync(question, cancellationToken);
        while (await survey.NextAsync() is { } answer) yield return answer;
    }

    /// <summary>Asks everybody who subscribes to a topic, and takes the first answer that is no error.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="topic">Where to; no wildcards.</param>
    /// <param name="request">The payload.</param>
    /// <param name="timeout">How long to wait. Default: 5 seconds.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <exception cref="NoRespondersException">Nobody subscribes. Thrown at once.</exception>
    /// <exception cref="RemoteErrorException">Everybody answered with an error: the last of them.</exception>
    /// <exception cref="RequestTimeoutException">No good answer came in time.</exception>
    /// <exception cref="BusRefusedException">The server is no IpcBus.</exception>
    public static async Task<TResponse> RequestFirstAsync<TRequest, TResponse>(this IBus bus, string topic, TRequest request, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var options = new SurveyOptions { Timeout = timeout ?? RequestOptions.DefaultTimeout };
        await using var survey = Begin<TResponse>(bus, topic, options);
        await survey.AskAsync(request, cancellationToken);
        RemoteErrorException? error = null;
        while (await survey.NextAsync() is { } answer)
        {
            if (answer.Error is null) return answer.Data;
            error = answer.Error;
        }

        if (!survey.IsComplete) throw new RequestTimeoutException(topic, options.Timeout);
        throw error ?? (Exception)new NoRespondersException(topic);
    }

    private static Survey<T> Begin<T>(IBus bus, string topic, SurveyOptions? options)
    {
        ArgumentNullException.ThrowIfNull(bus);
        SystemTopics.ValidateTopic(topic);
        options ??= new SurveyOptions();
        options.Validate();
        return new Survey<T>(bus, topic, options);
    }
}
