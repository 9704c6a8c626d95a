namespace Bus.Tests.Client;

public sealed class LocalPublishTests : PublishContract<LocalBusFixture>;

public sealed class LocalRequestTests : RequestContract<LocalBusFixture>;

public sealed class LocalSubscriptionTests : SubscriptionContract<LocalBusFixture>;

public sealed class LocalLifecycleTests : LifecycleContract<LocalBusFixture>;

public sealed class LocalStuckConsumerTests : StuckConsumerContract<LocalBusFixture>;
