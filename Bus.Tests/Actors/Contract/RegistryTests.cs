namespace Bus.Tests.Actors.Contract;

public sealed class RegistryTests : ContractTest
{
    [Fact]
    public void A_registered_actor_is_found_by_its_key()
    {
        var (worker, key) = (StartWorker(), typeof(Worker));
        var registry = ActorRegistry.For(Sys);
        registry.Register<Worker>(worker);

        Assert.Same(worker, registry.Get<Worker>());
        Assert.True(registry.TryGet(key, out var found));
        Assert.Same(worker, found);
        Assert.Equal([new KeyValuePair<Type, IActorRef>(key, worker)], registry);
    }

    [Fact]
    public void There_is_one_registry_for_a_system() => Assert.Same(ActorRegistry.For(Sys), ActorRegistry.For(Sys));

    [Fact]
    public void A_key_without_an_actor_is_an_error_that_names_it()
    {
        var registry = ActorRegistry.For(Sys);
        Assert.False(registry.TryGet<RegistryTests>(out var nobody));
        Assert.Equal(ActorRefs.Nobody, nobody);
        Assert.Contains(nameof(RegistryTests), Assert.Throws<MissingActorRegistryEntryException>(() => registry.Get<RegistryTests>()).Message, StringComparison.Ordinal);
        Assert.Contains(nameof(RegistryTests), Assert.Throws<MissingActorRegistryEntryException>(() => new RequiredActor<RegistryTests>(registry).ActorRef).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_is_used_twice_only_where_that_is_said()
    {
        var (first, second) = (StartWorker(), StartWorker());
        var registry = ActorRegistry.For(Sys);
        registry.Register<Worker>(first);

        Assert.Throws<DuplicateActorRegistryException>(() => registry.Register<Worker>(second));
        Assert.False(registry.TryRegister<Worker>(second));
        Assert.Same(first, registry.Get<Worker>());
        registry.Register<Worker>(second, overwrite: true);
        Assert.Same(second, registry.Get<Worker>());
    }

    [Fact]
    public void No_actor_is_no_entry()
    {
        var registry = ActorRegistry.For(Sys);
        Assert.Throws<ArgumentNullException>(() => registry.Register<Worker>(null!));
        Assert.False(registry.TryRegister<Worker>(null!));
        Assert.Empty(registry);
    }

    [Fact]
    public async Task Whoever_waits_for_an_actor_gets_it_when_it_is_registered()
    {
        var registry = ActorRegistry.For(Sys);
        var required = new RequiredActor<Worker>(registry);
        var (first, second) = (required.GetAsync(), registry.GetAsync<Worker>());
        Assert.False(first.IsCompleted);

        var worker = StartWorker();
        registry.Register<Worker>(worker);
        Assert.Same(worker, await first.WaitAsync(Guard, TimeProvider.System));
        Assert.Same(worker, await second.WaitAsync(Guard, TimeProvider.System));
        Assert.Same(worker, new RequiredActor<Worker>(registry).ActorRef);
    }

    [Fact]
    public async Task One_who_gives_up_waiting_does_not_end_the_waiting_of_others()
    {
        using var impatient = new CancellationTokenSource();
        var registry = ActorRegistry.For(Sys);
        var (given, kept) = (registry.GetAsync<Worker>(impatient.Token), registry.GetAsync<Worker>());

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given.WaitAsync(Guard, TimeProvider.System));
        var worker = StartWorker();
        registry.Register<Worker>(worker);
        Assert.Same(worker, await kept.WaitAsync(Guard, TimeProvider.System));
    }
}
