namespace Bus.Tests.EndToEnd;

public sealed class UnixKillTests() : KillContract("bus");

public sealed class PipeKillTests() : KillContract("pipe://bus");
