using System.Globalization;
using System.Text.RegularExpressions;
using Bus.Tests.Processes;

namespace Bus.Tests.EndToEnd;

/// <summary>The programs of examples/order-services, run as a user would run them, and asked by <c>ipcbus call</c>.</summary>
public sealed partial class OrderServicesExampleTests(BusDaemon daemon) : IClassFixture<BusDaemon>
{
    [Fact]
    public async Task A_call_goes_through_three_processes_and_two_go_on_while_one_is_killed_and_restarted()
    {
        await using var order = await StartAsync("order");
        await using var user = await StartAsync("user");
        var role = await StartAsync("role");
        await using var killed = role;

        Assert.Equal((0, """{"text":"2 of article lamp for Ada"}""", ""), await CallAsync("place", 1));
        var calls = new[] { Told(await order.Output.WaitForAsync("order.place")), Told(await user.Output.WaitForAsync("user.get")), Told(await role.Output.WaitForAsync("role.get")) };
        Assert.Equal([("order", 1), ("order > user", 2), ("order > user > role", 3)], calls.Select(call => (call.Chain, call.Depth)));
        Assert.Single(calls.Select(call => call.Root).Distinct());
        Assert.InRange(calls[0].Left, 1, 5000);
        Assert.Equal(calls.Select(call => call.Left).OrderDescending(), calls.Select(call => call.Left));

        // What one of them says goes through the others as it is.
        var refused = await CallAsync("place", 2);
        Assert.Equal(1, refused.Code);
        Assert.Contains("Bob is a visitor and may not buy", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("there is no user 3", (await CallAsync("place", 3)).Errors, StringComparison.Ordinal);

        // It has the call, or will get it, and does not answer.
        var before = Calls(user);
        await role.FreezeAsync();
        await using var hanging = Call("place", 1, "--timeout", "5m");
        await Eventually.HoldsAsync(() => Calls(user) > before, () => "The call does not come to the user service.");
        await role.SignalAsync("KILL");
        Assert.Equal(1, await hanging.ExitAsync());
        Assert.Contains("role", hanging.Errors.Text, StringComparison.Ordinal);

        // The others go on, with what needs it and with what does not.
        var without = await CallAsync("place", 1);
        Assert.Equal(1, without.Code);
        Assert.Contains("No service 'role' is on the bus: start it", without.Errors, StringComparison.Ordinal);
        Assert.Equal((0, "50", ""), await CallAsync("price", 1));

        await using var next = await StartAsync("role");
        Assert.Equal((0, """{"text":"2 of article lamp for Ada"}""", ""), await CallAsync("place", 1));
        Assert.Equal("order > user > role", Told(await next.Output.WaitForAsync("role.get")).Chain);
        Assert.False(order.HasExited || user.HasExited);
    }

    [GeneratedRegex("^[a-z]+\\.[a-z]+: (?<chain>[a-z> ]+), depth (?<depth>[0-9]+), root (?<root>[0-9a-zA-Z]+), (?<left>[0-9]+) ms left$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();

    private static (string Chain, int Depth, string Root, int Left) Told(string line)
    {
        var match = Line().Match(line);
        Assert.True(match.Success, line);
        return (match.Groups["chain"].Value, int.Parse(match.Groups["depth"].Value, CultureInfo.InvariantCulture), match.Groups["root"].Value, int.Parse(match.Groups["left"].Value, CultureInfo.InvariantCulture));
    }

    private static int Calls(ToolProcess process) => process.Output.Lines.Count(line => line.StartsWith("user.get: ", StringComparison.Ordinal));

    private async Task<ToolProcess> StartAsync(string name)
    {
        var process = ToolProcess.Start(Path.Combine(AppContext.BaseDirectory, $"OrderServices.{char.ToUpperInvariant(name[0])}{name[1..]}"), [daemon.Url]);
        await process.Output.WaitForAsync($"{name}: ready");
        return process;
    }

    private ToolProcess Call(string method, int user, params string[] options) =>
        ToolProcess.StartIpcBus(["call", "order", method, $$"""{"user":{{user}},"article":"lamp","pieces":2}""", "--url", daemon.Url, .. options]);

    private async Task<(int Code, string Answer, string Errors)> CallAsync(string method, int user)
    {
        await using var process = Call(method, user);
        return (await process.ExitAsync(), process.Output.Text.TrimEnd(), process.Errors.Text);
    }
}
