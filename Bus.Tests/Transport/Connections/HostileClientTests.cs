using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Connections;

public sealed class UnixHostileClientTests() : HostileClientContract(BusScheme.Unix);

public sealed class PipeHostileClientTests() : HostileClientContract(BusScheme.Pipe);
