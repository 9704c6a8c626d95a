namespace Bus.Tests.Client;

public sealed class UnixPublishTests : PublishContract<UnixBusFixture>;

public sealed class UnixRequestTests : RequestContract<UnixBusFixture>;

public sealed class UnixSubscriptionTests : SubscriptionContract<UnixBusFixture>;

public sealed class UnixTopicRefTests : TopicRefContract<UnixBusFixture>;

public sealed class UnixActorSubscriptionTests : ActorSubscriptionContract<UnixBusFixture>;

public sealed class UnixLifecycleTests : LifecycleContract<UnixBusFixture>;

public sealed class TcpPublishTests : PublishContract<TcpBusFixture>;

public sealed class TcpRequestTests : RequestContract<TcpBusFixture>;

public sealed class TcpSubscriptionTests : SubscriptionContract<TcpBusFixture>;

public sealed class TcpTopicRefTests : TopicRefContract<TcpBusFixture>;

public sealed class TcpActorSubscriptionTests : ActorSubscriptionContract<TcpBusFixture>;

public sealed class TcpLifecycleTests : LifecycleContract<TcpBusFixture>;

public sealed class UnixStuckConsumerTests : StuckConsumerContract<UnixBusFixture>;

public sealed class TcpStuckConsumerTests : StuckConsumerContract<TcpBusFixture>;

public sealed class PipePublishTests : PublishContract<PipeBusFixture>;

public sealed class PipeRequestTests : RequestContract<PipeBusFixture>;

public sealed class PipeSubscriptionTests : SubscriptionContract<PipeBusFixture>;

public sealed class PipeTopicRefTests : TopicRefContract<PipeBusFixture>;

public sealed class PipeActorSubscriptionTests : ActorSubscriptionContract<PipeBusFixture>;

public sealed class PipeLifecycleTests : LifecycleContract<PipeBusFixture>;

public sealed class PipeStuckConsumerTests : StuckConsumerContract<PipeBusFixture>;
