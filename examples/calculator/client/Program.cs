// Calls what the calculator announces, a call for each line of its input: method and numbers. It knows no method by itself.
// The bus is the first argument, or the user's own one.
using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Presence;
using Bus.Core.Rpc;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

var endpoint = args.Length > 0 ? BusEndpoint.Parse(args[0]) : BusEndpoint.Default;
await using var bus = await BusClient.ConnectAsync(endpoint);

// Who comes and goes from now on, and who is there already.
_ = WatchAsync();
await bus.FlushAsync();
var there = await bus.GetServicesAsync("calculator");
foreach (var service in there) Show(service);
if (there.Count == 0) Console.WriteLine("there is no calculator yet");

var options = new ServiceCallOptions { Timeout = TimeSpan.FromMinutes(5) };
var calls = new List<Task>();
while (await Console.In.ReadLineAsync() is { } line)
{
    // Nobody waits here: the next line can be typed, and a fast answer overtakes a slow one.
    if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var method, .. var rest]) calls.Add(CallAsync(calls.Count + 1, method, rest));
}

await Task.WhenAll(calls);

async Task CallAsync(int number, string method, string[] texts)
{
    try
    {
        var numbers = texts.Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        // Whatever kind of value the answer is, as a text it is what was sent.
        var answer = await bus.CallAsync<double[], string>("calculator", method, numbers, options);
        Console.WriteLine($"#{number} {method}: {answer}");
    }
    catch (BusException e)
    {
        // Its name says what it was, and its text what to do.
        Console.WriteLine($"#{number} {method}: {e.Error}: {e.Message}");
    }
    catch (Exception e) when (e is FormatException or ArgumentException)
    {
        Console.WriteLine($"#{number} {method}: {e.Message}");
    }
}

async Task WatchAsync()
{
    try
    {
        await foreach (var happened in bus.WatchServicesAsync())
        {
            if (happened.Service.Name != "calculator") continue;
            if (happened.IsUp) Show(happened.Service);
            else Console.WriteLine("a calculator has gone");
        }
    }
    catch (BusException e)
    {
        await Console.Error.WriteLineAsync($"who comes and goes is not known any more: {e.Message}");
    }
}

static void Show(ServiceInstance service)
{
    Console.WriteLine($"a calculator, process {service.Pid}:");
    foreach (var method in service.Endpoints) Console.WriteLine($"  {method.Name}: {method.Metadata?.GetValueOrDefault("description")}");
}
