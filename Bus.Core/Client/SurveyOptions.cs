using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>How long a survey goes on. It ends as soon as everybody has answered, in any case at its deadline.</summary>
public sealed record SurveyOptions
{
    /// <summary>How long to collect answers: more than zero, at most a day. Default: 5 seconds.</summary>
    public TimeSpan Timeout { get; init; } = RequestOptions.DefaultTimeout;

    /// <summary>So many answers are enough. Default: 0, all.</summary>
    public int Count { get; init; }

    /// <summary>This share of those who were asked is enough, such as 0.5 for half of them; more than half is 0.501. Default: 0, all.</summary>
    public double Quorum { get; init; }

    /// <summary>Sent along with the question. Default: none.</summary>
    public BusHeaders? Headers { get; init; }

    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    internal void Validate()
    {
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromDays(1)) throw new ArgumentOutOfRangeException(nameof(Timeout), Timeout, $"The timeout of a survey is {Timeout}: it has to be more than zero and at most a day.");
        ArgumentOutOfRangeException.ThrowIfNegative(Count);
        if (Quorum is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(Quorum), Quorum, $"The quorum of a survey is {Quorum}: it is a share from 0 to 1.");
    }

    /// <summary>How many answers are enough when so many were asked.</summary>
    internal int Enough(int asked)
    {
        var enough = asked;
        if (Count > 0) enough = Math.Min(enough, Count);
        if (Quorum > 0) enough = Math.Min(enough, (int)Math.Ceiling(Quorum * asked));
        return enough;
    }
}

/// <summary>What came of a survey.</summary>
/// <typeparam name="T">What the answers are.</typeparam>
public sealed record SurveyResult<T>
{
    /// <summary>Subscriptions that got the question; a queue group counts one.</summary>
    public required int Asked { get; init; }

    /// <summary>The answers in the order in which they came, errors among them.</summary>
    public required IReadOnlyList<SurveyAnswer<T>> Answers { get; init; }

    /// <summary>Whether as many answered as were wanted; else the deadline came first.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>How many of those who got the question had not answered when the survey ended. What they answer later is dropped.</summary>
    public int Missing => Math.Max(0, Asked - Answers.Count);
}

/// <summary>One answer.</summary>
/// <typeparam name="T">What it is.</typeparam>
/// <param name="Message">The whole answer, with its headers.</param>
/// <param name="Error">The error that it is. Null: it is none.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record SurveyAnswer<T>(BusMessage<T> Message, RemoteErrorException? Error, TimeSpan Elapsed)
{
    /// <summary>The content.</summary>
    /// <exception cref="RemoteErrorException">The answer is an error.</exception>
    /// <exception cref="PayloadFormatException">The payload cannot be read as <typeparamref name="T"/>.</exception>
    public T Data => Error is null ? Message.Data : throw Error;
}
