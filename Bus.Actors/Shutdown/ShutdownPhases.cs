namespace Bus.Actors;

/// <summary>The tasks of each phase, and running those of one phase.</summary>
internal sealed class ShutdownPhases(ActorSystem system)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Task)>> _tasks = [];

    internal void Add(string phase, string name, Func<Task<Done>> task)
    {
        lock (_gate)
        {
            if (!_tasks.TryGetValue(phase, out var tasks)) _tasks.Add(phase, tasks = []);
            tasks.Add((name, task));
        }
    }

    internal bool HasTasks(string phase)
    {
        lock (_gate) return _tasks.ContainsKey(phase);
    }

    /// <summary>Runs all tasks of a phase at once. Ends when they have, or when the time is up; never fails.</summary>
    internal async Task Run(string phase, TimeSpan timeout, TimeProvider time)
    {
        (string Name, Func<Task<Done>> Task)[] tasks;
        lock (_gate) tasks = _tasks.TryGetValue(phase, out var known) ? [.. known] : [];
        if (tasks.Length == 0) return;
        try
        {
            await Task.WhenAll(tasks.Select(task => RunOne(phase, task.Name, task.Task))).WaitAsync(timeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            system.Log.Warning("Coordinated shutdown phase [{0}] timed out after {1}", [phase, timeout]);
        }
    }

    private async Task RunOne(string phase, string name, Func<Task<Done>> task)
    {
        try
        {
            await task().ConfigureAwait(false);
        }
        catch (Exception cause)
        {
            system.Log.Warning(cause, "Task [{0}] failed in phase [{1}]: {2}", [name, phase, cause.Message]);
        }
    }
}
