namespace Bus.Core.Services;

/// <summary>The rounds of one service that are under way: each ends when it is complete, or when its time is up. Not thread-safe.</summary>
/// <param name="timers">The timers of the service, which is told a round when its time is up.</param>
/// <param name="finish">Answers whoever asked.</param>
internal sealed class Rounds<TRound>(Func<ITimerScheduler> timers, Action<TRound> finish)
    where TRound : Round
{
    // Each waits, with an entry for everybody who is asked.
    private const int Max = 64;
    // So that nobody can take them all.
    private const int MaxEach = 16;

    private readonly List<TRound> _underWay = [];

    /// <summary>Whether somebody may begin another one. If not, it is told.</summary>
    public bool MayBegin(in SystemRequest request)
    {
        var origin = request.Producer.Origin;
        if (_underWay.Count >= Max) request.Fail($"{Max} others ask everybody at the moment: try again later.", code: 429, "busy");
        else if (_underWay.Count(round => ReferenceEquals(round.Origin, origin)) >= MaxEach) request.Fail($"{MaxEach} of your own questions to everybody are under way, which is all there may be: wait for one of them.", code: 429, "busy");
        else return true;
        return false;
    }

    public void Begin(TRound round, TimeSpan patience)
    {
        _underWay.Add(round);
        if (round.IsComplete) End(round);
        else timers().StartSingleTimer(round, round, patience);
    }

    /// <summary>Something has come that may be good for several of them.</summary>
    public void Tell(Action<TRound> news)
    {
        foreach (var round in _underWay.ToArray())
        {
            news(round);
            if (round.IsComplete) End(round);
        }
    }

    public void End(TRound round)
    {
        if (!_underWay.Remove(round)) return;
        timers().Cancel(round);
        finish(round);
    }
}
