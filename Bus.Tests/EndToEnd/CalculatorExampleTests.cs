using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>The programs of examples/calculator, run as a user would run them.</summary>
public sealed class CalculatorExampleTests(BusDaemon daemon) : IClassFixture<BusDaemon>
{
    [Fact]
    public async Task Fast_answers_overtake_slow_ones_and_calls_go_on_after_the_server_was_killed()
    {
        await using var client = Start("Client");
        await SaysAsync(client, "there is no calculator yet");
        await client.WriteAsync("add 1 1\n");
        Assert.Equal("#1 add: service-not-found: No service 'calculator' is on the bus: start it, or check the name. There are no services, or none that are known.", await SaysAsync(client, "#1"));

        var server = Start("Server");
        await using var killed = server;
        Assert.Equal("calculator: add, multiply, divide, time", await server.Output.WaitForAsync("calculator:"));
        Assert.Equal($"a calculator, process {server.Id}:", await SaysAsync(client, $"process {server.Id}"));
        Assert.Equal("  add: the sum of the numbers", await SaysAsync(client, "  add"));
        await SaysAsync(client, "  time");

        // Ten minutes, so whatever is answered from here on has overtaken it.
        await client.WriteAsync("time 600\n");
        await server.Output.WaitForAsync("time: in 600 s");
        await client.WriteAsync("add 1 2 3.5\ntime 0\ndivide 1 0\ndivide 1\nsqrt 4\nadd one\n");
        Assert.Equal("#3 add: 6.5", await SaysAsync(client, "#3"));
        Assert.Matches("^#4 time: [0-2][0-9]:[0-5][0-9]:[0-6][0-9]$", await SaysAsync(client, "#4"));
        Assert.Contains("Attempted to divide by zero.", await SaysAsync(client, "#5 divide: handler-failed: "), StringComparison.Ordinal);
        Assert.Contains("divide takes two numbers", await SaysAsync(client, "#6 divide: bad-request: "), StringComparison.Ordinal);
        Assert.Equal("#7 sqrt: method-not-found: The service 'calculator' has no method 'sqrt'. There are: add, divide, multiply, time.", await SaysAsync(client, "#7"));
        Assert.Contains("'one'", await SaysAsync(client, "#8"), StringComparison.Ordinal);

        await server.SignalAsync("KILL");
        Assert.StartsWith("#2 time: responder-lost: ", await SaysAsync(client, "#2"), StringComparison.Ordinal);
        await SaysAsync(client, "a calculator has gone");
        await client.WriteAsync("add 1 1\n");
        Assert.StartsWith("#9 add: service-not-found: ", await SaysAsync(client, "#9"), StringComparison.Ordinal);

        await using var next = Start("Server");
        await SaysAsync(client, $"process {next.Id}");
        await client.WriteAsync("multiply 6 7\n");
        Assert.Equal("#10 multiply: 42", await SaysAsync(client, "#10"));
        await next.Output.WaitForAsync("multiply: answered");
        client.CloseInput();
        Assert.Equal((0, ""), (await client.ExitAsync(), client.Errors.Text));
    }

    private static async Task<string> SaysAsync(ToolProcess process, string text)
    {
        try
        {
            return await process.Output.WaitForAsync(text);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"It does not say '{text}'. stdout: {process.Output.Text} stderr: {process.Errors.Text}", e);
        }
    }

    private ToolProcess Start(string name) => ToolProcess.Start(Path.Combine(AppContext.BaseDirectory, $"Calculator.{name}"), [daemon.Url]);
}
