using Bus.Tests.Processes;

namespace Bus.Tests.Cli;

/// <summary>The tests of the command line share one daemon; each uses topics of its own.</summary>
[CollectionDefinition(nameof(CliCollection))]
public sealed class CliCollection : ICollectionFixture<BusDaemon>;
