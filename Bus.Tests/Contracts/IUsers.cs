using System.Text.Json;
using System.Text.Json.Serialization;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Contracts;

namespace Bus.Tests.Contracts;

/// <summary>What any service may be asked; no contract of its own.</summary>
public interface IPing<T>
{
    ValueTask<T> PingAsync(T value);
}

/// <summary>One of each shape that a method may have.</summary>
[BusContract("users", Version = "1.2.3", Description = "who there is")]
public partial interface IUsers : IPing<int>
{
    [BusMethod("get", Description = "one of them", SafeToRetry = true)]
    Task<User> GetAsync(int id, CancellationToken cancellationToken = default);

    Task<IReadOnlyList<User>> FindByNameAsync(string name, int limit = 2, Rank? rank = null, Rank least = Rank.Member, CallContext? context = null, CancellationToken cancellationToken = default);

    Task AddAsync(User user);

    ValueTask RenameAsync(int id, string @new);

    Task<int> CountAsync();

    Task<string> EchoAsync(string text);

    ValueTask ClearAsync(CancellationToken cancellationToken);

    [BusMethod(CacheMs = 3_600_000)]
    Task<string?[]> ListAsync(int limit = 10);

    [BusMethod(TimeoutMs = 3_600_000)]
    Task<string> WhoAsync(CallContext? context = null);

    [BusMethod("hang", TimeoutMs = 100)]
    Task HangAsync(bool listens, CancellationToken cancellationToken = default);

    /// <summary>It has a body, so it is no part of what the bus knows.</summary>
    async Task<bool> HasAsync(int id)
    {
        try
        {
            return await GetAsync(id) is not null;
        }
        catch (RemoteErrorException e) when (e.Error == "not-found")
        {
            return false;
        }
    }
}

public sealed record User(int Id, string Name, Rank Rank = Rank.Member);

public enum Rank
{
    Guest,
    Member,
    Admin,
}

/// <summary>A contract on another: the same methods under its own name, and more.</summary>
[BusContract("admins")]
internal partial interface IAdmins : IUsers
{
    Task PromoteAsync(int id, Rank rank);
}

/// <summary>The types of parameters and results; the requests with several values are in <see cref="IUsers.JsonTypes"/>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(User))]
[JsonSerializable(typeof(Rank?))]
[JsonSerializable(typeof(IReadOnlyList<User>))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class UsersJson : JsonSerializerContext;
