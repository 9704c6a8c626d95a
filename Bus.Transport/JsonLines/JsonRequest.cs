namespace Bus.Transport.JsonLines;

/// <summary>What an answer is waited for.</summary>
/// <param name="Op">What the client asked for. None: it is asked on behalf of calls that reached nobody.</param>
/// <param name="Id">The JSON of its id, if it has one.</param>
/// <param name="Topic">For people: where to.</param>
/// <param name="WireTopic">The topic of the message.</param>
/// <param name="Form">How the answer is to be written.</param>
/// <param name="Timeout">How long the answer may take.</param>
internal sealed record JsonRequest(JsonOp Op, byte[]? Id, string Topic, string WireTopic, JsonForm Form, TimeSpan Timeout)
{
    /// <summary>By which answers find it. Set when it is added to those that wait.</summary>
    public long Token { get; set; }

    /// <summary>Of a call: nobody got it, and the bus is asked why.</summary>
    public bool HasReachedNobody { get; set; }

    /// <summary>Of a call: what is called.</summary>
    public JsonCall? Call { get; init; }

    /// <summary>Of a call whose answer is a stream: how far it is.</summary>
    public JsonStream? Stream { get; init; }

    /// <summary>Of a survey: how far it is.</summary>
    public JsonSurvey? Survey { get; init; }

    /// <summary>The answer of the bus itself is the only one, and is sure to come.</summary>
    public bool IsConfirm => Op == JsonOp.Pub;
}

/// <summary>A call of a service.</summary>
/// <param name="Service">The service.</param>
/// <param name="Method">Its method.</param>
/// <param name="Instance">The id of the only instance that may answer, if there is one.</param>
/// <param name="Id">By which the service is told that nobody waits any more.</param>
internal sealed record JsonCall(string Service, string Method, string? Instance, string Id);

/// <summary>How far a survey is.</summary>
/// <param name="wanted">So many answers are enough. 0: all.</param>
internal sealed class JsonSurvey(long wanted)
{
    /// <summary>How many got the question. Null: the bus has not said so yet.</summary>
    public int? Asked { get; set; }

    public int Answered { get; set; }

    /// <summary>Answers may come before it is known how many were asked, and more than are wanted.</summary>
    public bool HasEnough => wanted > 0 && Answered >= wanted;

    public bool IsComplete => Asked is { } asked && Answered >= (wanted > 0 ? Math.Min(asked, wanted) : asked);
}
