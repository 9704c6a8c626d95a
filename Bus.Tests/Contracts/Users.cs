using System.Collections.Concurrent;
using Bus.Core.Client;
using Bus.Core.Context;

namespace Bus.Tests.Contracts;

/// <summary>The implementation: nothing in it knows of the bus, but for what it wants to know of the call.</summary>
internal sealed class Users : IAdmins
{
    private readonly ConcurrentDictionary<int, User> _users = new([new(1, new User(1, "Ada", Rank.Admin)), new(2, new User(2, "Alan")), new(3, new User(3, "Adam", Rank.Guest))]);

    /// <summary>Completes when a call that never ends has begun.</summary>
    public TaskCompletionSource Hanging { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the token of such a call has been cancelled.</summary>
    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<User> GetAsync(int id, CancellationToken cancellationToken = default) =>
        Task.FromResult(_users.TryGetValue(id, out var user) ? user : throw new RemoteErrorException($"There is no user {id}.", 404, "not-found"));

    public Task<IReadOnlyList<User>> FindByNameAsync(string name, int limit = 2, Rank? rank = null, Rank least = Rank.Member, CallContext? context = null, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<User>>([.. _users.Values.OrderBy(user => user.Id).Where(user => user.Name.Contains(name) && (rank ?? user.Rank) == user.Rank && user.Rank >= least).Take(limit)]);

    public Task AddAsync(User user) => _users.TryAdd(user.Id, user) ? Task.CompletedTask : throw new InvalidOperationException($"There is a user {user.Id} already.");

    public ValueTask RenameAsync(int id, string @new)
    {
        _users[id] = _users[id] with { Name = @new };
        return default;
    }

    public async Task<int> CountAsync()
    {
        await Task.Yield();
        return _users.Count;
    }

    public Task<string> EchoAsync(string text) => Task.FromResult(text);

    public ValueTask ClearAsync(CancellationToken cancellationToken)
    {
        Assert.True(cancellationToken.CanBeCanceled);
        _users.Clear();
        return default;
    }

    public Task<string?[]> ListAsync(int limit = 10) => Task.FromResult<string?[]>([.. _users.Values.OrderBy(user => user.Id).Take(limit).Select(user => user.Name), null]);

    public Task<string> WhoAsync(CallContext? context = null)
    {
        Assert.Same(CallContext.Current, context);
        return Task.FromResult($"{context!.Caller} by {string.Join(" > ", context.Chain)}.{context.Method}, deadline {(context.Deadline is null ? "none" : "some")}, root {context.RootId}");
    }

    public async Task HangAsync(bool listens, CancellationToken cancellationToken = default)
    {
        // Left for the token to run, also when the wait below, which it ends first, is over by then.
        _ = cancellationToken.Register(() => Cancelled.TrySetResult());
        Hanging.TrySetResult();
        await new TaskCompletionSource().Task.WaitAsync(listens ? cancellationToken : CancellationToken.None);
    }

    public ValueTask<int> PingAsync(int value) => new(value);

    public Task PromoteAsync(int id, Rank rank)
    {
        _users[id] = _users[id] with { Rank = rank };
        return Task.CompletedTask;
    }
}
