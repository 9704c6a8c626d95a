using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace Bus.Benchmarks.Allocations;

/// <summary>
/// Runs the benchmarks of this folder for their allocated bytes and compares these with expected.json. Times are not judged: they depend on the
/// machine, bytes do not. Has to have a process for itself: the bytes of every thread count.
/// </summary>
internal static class AllocationGate
{
    /// <summary>What BenchmarkDotNet allocates around an invocation, and a mailbox once in a while, spread over thousands of messages.</summary>
    private const double Tolerance = 0.1;

    /// <summary>Where something is expected: a hundredth of it.</summary>
    private const double RelativeTolerance = 0.01;

    /// <summary>
    /// A pool that grows by a slab because the machine was busy shows as a fraction of a byte per message, once. What allocates for each message does so
    /// every time: what is more than expected is measured again, and the least counts.
    /// </summary>
    private const int Measurements = 3;

    private static readonly Type[] Benchmarks = [typeof(ControlBenchmarks), typeof(ParseBenchmarks), typeof(MatchBenchmarks), typeof(TellBenchmarks), typeof(DeliverBenchmarks)];

    /// <returns>0 when every figure is as expected, 1 when not.</returns>
    public static int Run(TextWriter output)
    {
        var log = new AccumulationLogger();
        var job = Job.Default.WithToolchain(new InProcessNoEmitToolchain(TimeSpan.FromMinutes(1), logOutput: false)).WithInvocationCount(8).WithUnrollFactor(1).WithWarmupCount(3).WithIterationCount(1);
        var artifacts = Directory.CreateTempSubdirectory("ipcbus-allocations-");
        try
        {
            // A debug build is measured too: what allocates nothing there allocates nothing in a release build.
            var config = ManualConfig.CreateEmpty().AddJob(job).AddDiagnoser(MemoryDiagnoser.Default).AddLogger(log).AddColumnProvider(DefaultColumnProviders.Instance)
                .WithOptions(ConfigOptions.DisableOptimizationsValidator | ConfigOptions.DisableLogFile).WithArtifactsPath(artifacts.FullName);
            var measured = Measure(Benchmarks, config);
            var faults = Faults(measured, Expected());
            for (var more = 1; more < Measurements && faults.Count > 0; more++)
            {
                var suspects = Benchmarks.Where(type => faults.Any(fault => fault.StartsWith(type.Name, StringComparison.Ordinal)));
                foreach (var (name, bytes) in Measure(suspects, config)) measured[name] = Math.Min(measured[name], bytes);
                faults = Faults(measured, Expected());
            }

            foreach (var (name, bytes) in measured) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-36} {bytes,10:0.000} B per message"));
            foreach (var fault in faults) output.WriteLine(fault);
            return faults.Count == 0 ? 0 : 1;
        }
        catch
        {
            // What a benchmark throws, BenchmarkDotNet only logs.
            output.WriteLine(log.GetLog());
            throw;
        }
        finally
        {
            artifacts.Delete(true);
        }
    }

    /// <summary>What is not as expected, a line each.</summary>
    internal static IReadOnlyList<string> Faults(IReadOnlyDictionary<string, double> measured, IReadOnlyDictionary<string, double> expected) =>
    [
        .. from pair in expected
           let bytes = measured.GetValueOrDefault(pair.Key, double.NaN)
           where !(Math.Abs(bytes - pair.Value) <= Math.Max(Tolerance, RelativeTolerance * pair.Value))
           select double.IsNaN(bytes)
               ? $"{pair.Key} was not measured; it is in Allocations/expected.json."
               : string.Create(CultureInfo.InvariantCulture, $"{pair.Key} allocates {bytes:0.###} bytes per message, and {pair.Value:0.###} are expected (Allocations/expected.json). If it is more, find what allocates (dotnet-trace with its gc-verbose profile shows it); if it is less, write that down."),
        .. measured.Keys.Except(expected.Keys, StringComparer.Ordinal).Select(name => $"{name} is not in Allocations/expected.json; add what it may allocate."),
    ];

    internal static IReadOnlyDictionary<string, double> Expected()
    {
        using var json = typeof(AllocationGate).Assembly.GetManifestResourceStream("allocations.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, double>>(json)!;
    }

    private static Dictionary<string, double> Measure(IEnumerable<Type> benchmarks, IConfig config) =>
        benchmarks.SelectMany(type => BenchmarkRunner.Run(type, config).Reports).ToDictionary(Name, BytesPerOperation, StringComparer.Ordinal);

    private static string Name(BenchmarkReport report) => $"{report.BenchmarkCase.Descriptor.Type.Name}.{report.BenchmarkCase.Descriptor.WorkloadMethod.Name}";

    // Up to 8 KiB of a whole measurement (some 100,000 messages) count as none: BenchmarkDotNet allocates about half of that itself.
    private static double BytesPerOperation(BenchmarkReport report) =>
        report.Success && report.GcStats.TotalOperations > 0 ? (double?)report.GcStats.GetTotalAllocatedBytes(excludeAllocationQuantumSideEffects: true) / report.GcStats.TotalOperations ?? double.NaN : double.NaN;
}
