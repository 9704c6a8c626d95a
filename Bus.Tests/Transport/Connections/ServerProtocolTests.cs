using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Connections;

public sealed class UnixServerProtocolTests() : ServerProtocolContract(BusScheme.Unix);

public sealed class PipeServerProtocolTests() : ServerProtocolContract(BusScheme.Pipe);
