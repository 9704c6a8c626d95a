using Bus.Benchmarks.Allocations;
using Bus.Tests.Processes;

namespace Bus.Tests.Benchmarks;

public sealed class AllocationGateTests
{
    private static readonly Dictionary<string, double> Expected = new(StringComparer.Ordinal) { ["Some.Benchmark"] = 0 };

    /// <summary>In a process of its own: the bytes of every thread count, and other tests run meanwhile.</summary>
    [Fact]
    public async Task Nothing_is_allocated_per_message()
    {
        var program = OperatingSystem.IsWindows() ? "Bus.Benchmarks.exe" : "Bus.Benchmarks";
        await using var gate = ToolProcess.Start(Path.Combine(AppContext.BaseDirectory, program), ["allocations"]);
        var exitCode = await gate.ExitAsync(TimeSpan.FromMinutes(3));
        Assert.True(exitCode == 0, gate.Output.Text + gate.Errors.Text);
        Assert.Contains("DeliverBenchmarks.OneSubscriber", gate.Output.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(0.05, true)]
    [InlineData(1, false)]
    [InlineData(double.NaN, false)]
    public void More_than_rounding_is_a_fault(double measured, bool passes) =>
        Assert.Equal(passes, AllocationGate.Faults(new Dictionary<string, double> { ["Some.Benchmark"] = measured }, Expected).Count == 0);

    [Fact]
    public void A_meter_that_sees_nothing_is_a_fault() =>
        Assert.Contains("Control", Assert.Single(AllocationGate.Faults(new Dictionary<string, double> { ["Control"] = 0 }, new Dictionary<string, double> { ["Control"] = 24 })), StringComparison.Ordinal);

    [Fact]
    public void A_benchmark_that_was_not_run_or_is_not_expected_is_a_fault()
    {
        Assert.Contains("was not measured", Assert.Single(AllocationGate.Faults(new Dictionary<string, double>(), Expected)), StringComparison.Ordinal);
        Assert.Contains("is not in", Assert.Single(AllocationGate.Faults(new Dictionary<string, double> { ["Other"] = 0, ["Some.Benchmark"] = 0 }, Expected)), StringComparison.Ordinal);
    }
}
