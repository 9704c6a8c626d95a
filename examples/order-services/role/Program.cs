// Who may do what. Calls nobody. The bus is the first argument, or the user's own one.
using Bus.Core.Rpc;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;
using OrderServices;

var endpoint = args.Length > 0 ? BusEndpoint.Parse(args[0]) : BusEndpoint.Default;
await using var bus = await BusClient.ConnectAsync(endpoint);
await using var service = await bus.ServeAsync("role", s => s.Endpoint<GetRole, Role>("get", (request, _) =>
{
    Trace.Print();
    return request.User == "Ada" ? new Role("buyer") : new Role("visitor");
}));
Console.WriteLine("role: ready");
await service.Completion;
