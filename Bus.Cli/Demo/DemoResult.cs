using Bus.Cli.Demo.Workers;
using Bus.Core;

namespace Bus.Cli.Demo;

/// <summary>A subscriber process, and what it reported.</summary>
internal sealed record SubscriberResult(WorkerProcess Process, string Filter, string? Queue)
{
    public WorkerEvent Report { get; set; } = new("");
}

/// <summary>How a request ended that the service held when it was killed, and how long after the kill.</summary>
internal sealed record HeldRequest(string Ending, double Milliseconds);

/// <summary>What was measured.</summary>
internal sealed record DemoResult(WorkerEvent Sent, IReadOnlyList<SubscriberResult> Subscribers, IReadOnlyList<HeldRequest> Held, RequestProbe Requests)
{
    public const string Queue = "workers";

    public IEnumerable<SubscriberResult> Alone => Subscribers.Where(s => s.Queue is null);

    public IEnumerable<SubscriberResult> Group => Subscribers.Where(s => s.Queue is not null);

    /// <summary>How many messages the publisher sent to topics that a filter matches.</summary>
    public long Expected(string filter) => Sent.Topics!.Where(t => Topic.Matches(filter, t.Key)).Sum(t => t.Value);

    public static long Received(IEnumerable<SubscriberResult> subscribers) => subscribers.Sum(s => s.Report.Count);

    /// <summary>The value below which a share of the answered requests stays.</summary>
    public double Percentile(double share) => Requests.Answered.Count == 0 ? double.NaN : Requests.Answered[(int)Math.Min(Requests.Answered.Count - 1, Requests.Answered.Count * share)];
}
