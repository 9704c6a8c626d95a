using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Connections;

public sealed class UnixSlowConsumerTests() : SlowConsumerContract(BusScheme.Unix);

public sealed class PipeSlowConsumerTests() : SlowConsumerContract(BusScheme.Pipe);
