namespace Bus.Benchmarks.Compare.Loads;

/// <summary>A run that could not be made, or that lost, doubled or reordered messages: its figures mean nothing.</summary>
internal sealed class LoadFailedException(string message) : Exception(message);
