// A calculator: announces its methods, and answers until Ctrl-C. The bus is the first argument, or the user's own one.
using System.Globalization;
using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

var endpoint = args.Length > 0 ? BusEndpoint.Parse(args[0]) : BusEndpoint.Default;
await using var bus = await BusClient.ConnectAsync(endpoint);

// What a handler returns is the answer, and what it throws is the error that the caller gets, in either form.
await using var service = await bus.ServeAsync("calculator", s => s
    .Endpoint<double[], double>("add", (numbers, _) => numbers.Sum(), Does("the sum of the numbers"))
    .Endpoint<double[], double>("multiply", (numbers, _) => numbers.Aggregate(1.0, (product, n) => product * n), Does("their product"))
    .Endpoint<double[], double>("divide", (numbers, _) => numbers is not [var n, var by] ? throw new RemoteErrorException("divide takes two numbers", 400, "bad-request")
        : by == 0 ? throw new DivideByZeroException()
        : n / by, Does("the first by the second"))
    .Endpoint<double[], string>("time", async (numbers, call) =>
    {
        // The slow one. It stops when nobody waits for the answer any more.
        var seconds = numbers.FirstOrDefault();
        Console.WriteLine($"time: in {seconds} s");
        await Task.Delay(TimeSpan.FromSeconds(seconds), TimeProvider.System, call.CancellationToken);
        return TimeProvider.System.GetLocalNow().ToString("T", CultureInfo.InvariantCulture);
    }, Does("the time of day, after so many seconds")));

service.MethodExecuted += (_, e) => Console.WriteLine($"{e.Context.Method}: {(e.Error is null ? "answered" : e.Error.Message)}");
Console.WriteLine($"calculator: {string.Join(", ", service.Methods)}");
await service.Completion;

static MethodOptions Does(string description) => new() { Description = description };
