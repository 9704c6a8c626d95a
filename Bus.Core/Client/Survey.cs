using System.Globalization;

namespace Bus.Core.Client;

/// <summary>One survey: an inbox of its own, the question, and what comes back. Used by one caller.</summary>
internal sealed class Survey<T>(IBus bus, string topic, SurveyOptions options) : IAsyncDisposable
{
    private readonly string _inbox = $"_INBOX.{RandomName.Hex(20)}";
    private readonly Lock _lock = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly CancellationTokenSource _deadline = new(options.Timeout, TimeProvider.System);
    private ISubscription<T>? _subscription;
    private IAsyncEnumerator<BusMessage<T>>? _messages;
    private CancellationTokenSource? _end;
    private CancellationToken _caller;
    private bool _foreign;
    private bool _isOver;
    private Exception? _lost;
    private long _start;

    /// <summary>How many got the question. Null: the bus has not said so yet.</summary>
    public int? Asked { get; private set; }

    public int Answered { get; private set; }

    public bool IsComplete => Asked is { } asked && Answered >= options.Enough(asked);

    public async Task AskAsync<TRequest>(TRequest question, CancellationToken cancellationToken)
    {
        _caller = cancellationToken;
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _deadline.Token);
        _subscription = await bus.OpenSubscriptionAsync<T>(_inbox, options: null, cancellationToken);
        _messages = _subscription.GetAsyncEnumerator(_end.Token);
        bus.StateChanged += Watch;
        _start = _time.GetTimestamp();
        await bus.PublishAsync(SystemTopics.SurveyOf(topic), question, new PublishOptions { ReplyTo = _inbox, Headers = options.Headers }, cancellationToken);
    }

    /// <returns>Null when the survey has ended.</returns>
    /// <exception cref="BusRefusedException">The server is no IpcBus, or the topic does not take the question.</exception>
    /// <exception cref="ConnectionLostException">The answers that were to come are lost.</exception>
    /// <exception cref="RequestTimeoutException">The bus has not said whether the question reached anybody.</exception>
    public async Task<SurveyAnswer<T>?> NextAsync()
    {
        while (!IsComplete)
        {
            if (await ReceiveAsync() is not { } message) return null;
            if (message.Status == 503) _foreign = true;
            else if (Asked is null && message.Status == Messages.SystemHeaders.ReachedStatus && int.TryParse(message.Headers[Messages.SystemHeaders.Reached], NumberStyles.None, CultureInfo.InvariantCulture, out var reached)) Asked = reached;
            else if (Asked is null && ErrorReplies.Read(message, topic) is { } error && TopicErrors.OfMessage(topic, error) is { } refusal) throw refusal;
            else return Answer(message);
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        bus.StateChanged -= Watch;
        lock (_lock) _isOver = true;
        if (_messages is not null) await _messages.DisposeAsync();
        // Who answers when the survey had enough of it is not late.
        if (_deadline.IsCancellationRequested && !IsComplete && Asked > Answered && bus is ISurveyor surveyor) _ = surveyor.LateAnswers.ListenAsync(surveyor, _subscription!, topic, Asked.Value - Answered);
        else if (_subscription is not null) await _subscription.DisposeAsync();
        _end?.Dispose();
        _deadline.Dispose();
    }

    /// <summary>The subscription outlives its connection, and the answers do not.</summary>
    private void Watch(object? sender, BusStateChangedEventArgs change)
    {
        if (change.Current != BusState.Reconnecting) return;
        lock (_lock)
        {
            if (_isOver) return;
            _lost = change.Reason ?? new NotConnectedException($"The connection was lost during the survey on '{topic}'.", topic);
            _ = _end!.CancelAsync();
        }
    }

    private SurveyAnswer<T> Answer(BusMessage<T> message)
    {
        Answered++;
        return new SurveyAnswer<T>(message, ErrorReplies.Read(message, topic), _time.GetElapsedTime(_start));
    }

    private async Task<BusMessage<T>?> ReceiveAsync()
    {
        try
        {
            if (await _messages!.MoveNextAsync()) return _messages.Current;
        }
        catch (OperationCanceledException) when (!_caller.IsCancellationRequested)
        {
            if (_lost is not null) throw new ConnectionLostException($"The connection to the bus was lost during the survey on '{topic}': what was not answered by then is not answered any more. Ask again.", topic, _lost);
            // The deadline: whoever has not answered is missing.
            if (Asked is not null) return null;
            if (_foreign) throw new BusRefusedException($"The survey on '{topic}' was not made: the server does not know surveys, so it is no IpcBus.", topic);
            throw new RequestTimeoutException(topic, options.Timeout);
        }

        // The subscription has ended before the survey.
        throw new BusClosedException($"The bus was closed during the survey on '{topic}'.", topic);
    }
}
