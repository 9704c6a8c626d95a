namespace Bus.Tests.Core;

/// <summary>A reference that is no actor, for tests that need no actor system. Each has a path of its own, since references are equal by path.</summary>
internal abstract class TestRef : ActorRefBase
{
    private static int _last;

    public override ActorPath Path { get; } = ActorRefs.Nobody.Path / $"test-{Interlocked.Increment(ref _last)}";
}
