using System.Text.Json;

namespace Bus.Cli.Demo.Workers;

/// <summary>What a worker tells its parent: one JSON object a line on stdout.</summary>
/// <param name="Event">One of the constants.</param>
/// <param name="Count">Messages so far.</param>
/// <param name="Hash">Of all payloads in order, each with a line feed behind it.</param>
/// <param name="Topics">Messages published per topic.</param>
internal sealed record WorkerEvent(string Event, long Count = 0, string? Hash = null, Dictionary<string, long>? Topics = null)
{
    /// <summary>It is connected and its subscriptions are active.</summary>
    public const string Ready = "ready";

    public const string Progress = "progress";

    /// <summary>The service holds a request that it will not answer.</summary>
    public const string Holding = "holding";

    public const string Done = "done";

    public string ToLine() => JsonSerializer.Serialize(this);

    public static WorkerEvent? Parse(string line) => JsonSerializer.Deserialize<WorkerEvent>(line);
}
