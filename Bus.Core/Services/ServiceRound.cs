using Bus.Core.State;

namespace Bus.Core.Services;

/// <summary>Somebody waits for the list of services, and it for what they answer.</summary>
internal sealed class ServiceRound(string? name, object origin, byte[] replyTo, IEnumerable<ServiceKey> asked) : Round(origin, replyTo)
{
    private readonly HashSet<(ServiceKey Key, ServiceQuestion Question)> _missing = [.. asked.SelectMany(key => new[] { (key, ServiceQuestion.Info), (key, ServiceQuestion.Stats) })];

    /// <summary>Which service. Null: all.</summary>
    public string? Name => name;

    public override bool IsComplete => _missing.Count == 0;

    public void Take(ServiceKey key, ServiceQuestion question) => _missing.Remove((key, question));

    public void Forget(ServiceKey key) => _missing.RemoveWhere(missing => missing.Key == key);
}
