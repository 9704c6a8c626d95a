using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bus.Core.Client;
using Bus.Core.Contracts;
using Bus.Core.Hosting;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Contracts;

/// <summary>A contract without reflection: no type is known but those that source generators have written.</summary>
public sealed class ContractJsonTests
{
    private readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web) { TypeInfoResolver = JsonTypeInfoResolver.Combine(UsersJson.Default, IUsers.JsonTypes) };
    [Fact]
    public async Task It_is_called_with_generated_metadata_alone()
    {
        await using var node = await BusNode.StartAsync(new IpcBusOptions { Serializer = new JsonBusSerializer(UsersJson.Default, IUsers.JsonTypes) }).Guard();
        var bus = node.Bus;
        await using var service = await bus.ServeAsync<IUsers>(new Users()).Guard();
        var users = bus.Contract<IUsers>();

        Assert.Equal(["Ada", "Alan"], (await users.FindByNameAsync("A").Guard()).Select(user => user.Name));
        Assert.Equal(["Adam"], (await users.FindByNameAsync("A", 9, Rank.Guest, Rank.Guest).Guard()).Select(user => user.Name));
        await users.AddAsync(new User(4, "Grace")).Guard();
        await users.RenameAsync(4, "Hopper").AsTask().Guard();
        Assert.Equal("Ada, Alan, Adam, Hopper, ", string.Join(", ", await users.ListAsync().Guard()));
    }

    [Fact]
    public void Generated_metadata_does_what_reflection_does()
    {
        foreach (var text in (string[])["""{"name":"A"}""", """{"name":"A","limit":7,"rank":2,"least":0}""", """{"limit":1,"name":null,"rank":null}"""])
        {
            var generated = JsonSerializer.Deserialize<IUsers.FindByNameRequest>(text, _options)!;
            var reflected = JsonSerializer.Deserialize<IUsers.FindByNameRequest>(text, JsonSerializerOptions.Web)!;
            Assert.Equivalent(reflected, generated, strict: true);
            Assert.Equal(JsonSerializer.Serialize(reflected, JsonSerializerOptions.Web), JsonSerializer.Serialize(generated, _options));
        }

        foreach (var text in (string[])["{}", """{"limit":1}""", """{"name":"A","limit":"x"}""", "[]"])
        {
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<IUsers.FindByNameRequest>(text, _options));
            Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<IUsers.FindByNameRequest>(text, JsonSerializerOptions.Web));
        }
    }

    [Fact]
    public async Task A_type_that_is_missing_is_named()
    {
        await using var node = await BusNode.StartAsync(new IpcBusOptions { Serializer = new JsonBusSerializer(UsersJson.Default) }).Guard();
        var error = await Assert.ThrowsAsync<PayloadFormatException>(() => node.Bus.Contract<IUsers>(new ServiceCallOptions()).FindByNameAsync("A").Guard());
        Assert.Contains("FindByNameRequest", error.Message);
    }
}
