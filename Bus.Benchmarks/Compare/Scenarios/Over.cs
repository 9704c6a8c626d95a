namespace Bus.Benchmarks.Compare.Scenarios;

/// <summary>What the clients dial.</summary>
internal enum Over
{
    Tcp,
    Unix,
}

/// <summary>How the transports are called where people read them.</summary>
internal static class OverNames
{
    public static string Name(this Over over) => over == Over.Tcp ? "TCP" : "Unix";
}
