using Bus.Tests.Contracts;
using Bus.Tests.Protobuf;
using Bus.Tests.Routes;
using Bus.Tests.Rpc;
using Bus.Tests.Streams;

namespace Bus.Tests.Client;

// What holds of a client holds of one with several sockets. Not run: OverflowContract, which counts what is dropped of several topics in their common order; the end-to-end suites
// over a daemon, which differ from these in the bus and not in the client.

public sealed class PooledActorSubscriptionTests : ActorSubscriptionContract<PooledBusFixture>;

public sealed class PooledCallTests : CallContract<PooledBusFixture>;

public sealed class PooledClosingTests : ClosingContract<PooledBusFixture>;

public sealed class PooledCompressionTests : CompressionContract<PooledBusFixture>;

public sealed class PooledConfirmTests : ConfirmContract<PooledBusFixture>;

public sealed class PooledDeclaredTopicTests : DeclaredTopicContract<PooledBusFixture>;

public sealed class PooledDeliveryTests : DeliveryContract<PooledBusFixture>;

public sealed class PooledLifecycleTests : LifecycleContract<PooledBusFixture>;

public sealed class PooledNamedTests : NamedContract<PooledBusFixture>;

public sealed class PooledParticipantTests : ParticipantContract<PooledBusFixture>;

public sealed class PooledPingAllTests : PingAllContract<PooledBusFixture>;

public sealed class PooledPresenceTests : PresenceContract<PooledBusFixture>;

public sealed class PooledPublishTests : PublishContract<PooledBusFixture>;

public sealed class PooledRemoteErrorTests : RemoteErrorContract<PooledBusFixture>;

public sealed class PooledRequestTests : RequestContract<PooledBusFixture>;

public sealed class PooledReservedTopicTests : ReservedTopicContract<PooledBusFixture>;

public sealed class PooledRetainedTests : RetainedContract<PooledBusFixture>;

public sealed class PooledSerializerTests : SerializerContract<PooledBusFixture>;

public sealed class PooledStuckConsumerTests : StuckConsumerContract<PooledBusFixture>;

public sealed class PooledSubscriptionTests : SubscriptionContract<PooledBusFixture>;

public sealed class PooledSurveyTests : SurveyContract<PooledBusFixture>;

public sealed class PooledTopicRefTests : TopicRefContract<PooledBusFixture>;

public sealed class PooledCallContextTests : CallContextContract<PooledBusFixture>;

public sealed class PooledServiceTests : ServiceContract<PooledBusFixture>;

public sealed class PooledServiceDirectoryTests : ServiceDirectoryContract<PooledBusFixture>;

public sealed class PooledRouteTests : RouteContract<PooledBusFixture>;

public sealed class PooledStatisticsTests : StatisticsContract<PooledBusFixture>;

public sealed class PooledTopicTests : TopicContract<PooledBusFixture>;

public sealed class PooledStreamedTests : StreamedContract<PooledBusFixture>;

public sealed class PooledTypedTests : TypedContract<PooledBusFixture>;

public sealed class PooledProtobufTests : ProtobufContract<PooledBusFixture>;

public sealed class PooledMiddlewareTests : MiddlewareContract<PooledBusFixture>;

public sealed class PooledResponseCacheTests : ResponseCacheContract<PooledBusFixture>;

public sealed class PooledServiceErrorTests : ServiceErrorContract<PooledBusFixture>;

public sealed class PooledTapTests : TapContract<PooledBusFixture>;

public sealed class PooledStreamTests : StreamContract<PooledBusFixture>;

public sealed class PooledStreamEndTests : StreamEndContract<PooledBusFixture>;

public sealed class PooledStreamLimitTests : StreamLimitContract<PooledBusFixture>;

public sealed class PooledStartingTests : StartingTests<RestartingPooledBus>;

public sealed class PooledGracefulRestartTests : GracefulRestartTests<RestartingPooledBus>;

public sealed class PooledComeBackTests : ComeBackTests<RestartingPooledBus>;

public sealed class PooledRetryTests : RetryTests<RestartingPooledBus>;
