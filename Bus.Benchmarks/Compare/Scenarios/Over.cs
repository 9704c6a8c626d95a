namespace Bus.Benchmarks.Compare.Scenarios;

/// <summary>What the clients dial.</summary>
internal enum Over
{
    Tcp,
    Unix,
}
