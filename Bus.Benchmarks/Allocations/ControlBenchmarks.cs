using BenchmarkDotNet.Attributes;

namespace Bus.Benchmarks.Allocations;

/// <summary>Allocates a known number of bytes: when the gate does not see these, it sees nothing.</summary>
public class ControlBenchmarks
{
    private const int Count = 10_000;
    private object? _kept;

    [Benchmark(OperationsPerInvoke = Count)]
    public object? OneObject()
    {
        for (var i = 0; i < Count; i++) Volatile.Write(ref _kept, new object());
        return _kept;
    }
}
