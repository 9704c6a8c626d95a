// Who there is. Calls the role service. The bus is the first argument, or the user's own one.
using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;
using OrderServices;

var names = new Dictionary<int, string> { [1] = "Ada", [2] = "Bob" };
var endpoint = args.Length > 0 ? BusEndpoint.Parse(args[0]) : BusEndpoint.Default;
await using var bus = await BusClient.ConnectAsync(endpoint);
await using var service = await bus.ServeAsync("user", s => s.Endpoint<GetUser, User>("get", async (request, _) =>
{
    Trace.Print();
    if (!names.TryGetValue(request.Id, out var name)) throw new RemoteErrorException($"there is no user {request.Id}", 404, "not-found");
    // No timeout, no token: the call has what is left of the time of whoever asked first, and ends when nobody waits any more.
    var role = await bus.CallAsync<GetRole, Role>("role", "get", new GetRole(name));
    return new User(request.Id, name, role.Name);
}));
Console.WriteLine("user: ready");
await service.Completion;
