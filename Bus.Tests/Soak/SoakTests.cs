using System.Globalization;
using Xunit.Abstractions;

namespace Bus.Tests.Soak;

/// <summary>
/// The soak: short here. <c>IPCBUS_SOAK_SECONDS</c> makes it as long as one likes, <c>IPCBUS_SOAK_SEED</c> makes it do what it did before.
/// </summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private const int Steps = 60;

    [Fact]
    public async Task Whatever_happens_to_clients_all_that_was_confirmed_arrives_and_nothing_is_left_behind()
    {
        var seed = Variable("IPCBUS_SOAK_SEED") ?? Random.Shared.Next();
        var started = TimeProvider.System.GetTimestamp();
        Func<int, bool> goesOn = Variable("IPCBUS_SOAK_SECONDS") is { } seconds
            ? _ => TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(seconds)
            : done => done < Steps;
        await using var run = new SoakRun(seed);
        try
        {
            await run.RunAsync(goesOn);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"The soak with IPCBUS_SOAK_SEED={seed} failed: {e.Message}{string.Concat(run.Faults.Select(fault => $"\n{fault}"))}", e);
        }

        output.WriteLine(run.Summary);
        Assert.True(run.Faults.Count == 0, $"The soak with IPCBUS_SOAK_SEED={seed} ended with\n{string.Join('\n', run.Faults)}\n{run.Summary}");
    }

    private static int? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
