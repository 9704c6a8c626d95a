namespace Bus.Core.Endpoint;

/// <summary>
/// Tells the consumer of a full buffer that is only slow, and slows its producers down, from one that has taken nothing at
/// all: that one is stuck, perhaps in a request whose reply waits behind the very deliveries that do not fit. What does not
/// fit is dropped until it moves again. Owned by the subscription actor, which is told <see cref="StallDue"/>.
/// </summary>
internal sealed class StallWatch(MessageBuffer buffer, ITimerScheduler timers, TimeSpan timeout)
{
    private long _takenBefore;
    private bool _isStuck;

    /// <summary>It was found stuck, and has taken nothing since.</summary>
    public bool IsStuck => _isStuck && buffer.Taken == _takenBefore;

    /// <summary>The buffer is full: the clock runs from now, or goes on.</summary>
    public void Begin()
    {
        if (!timers.IsTimerActive(StallDue.Instance)) Watch();
    }

    /// <summary>The buffer is half empty again.</summary>
    public void Moved() => _isStuck = false;

    /// <summary>The time is up and the buffer still full: whether the consumer is stuck. If it moves, it gets the same time again.</summary>
    public bool TimeIsUp()
    {
        _isStuck = buffer.Taken == _takenBefore;
        if (!_isStuck) Watch();
        return _isStuck;
    }

    private void Watch()
    {
        _isStuck = false;
        _takenBefore = buffer.Taken;
        timers.StartSingleTimer(StallDue.Instance, StallDue.Instance, timeout);
    }
}
